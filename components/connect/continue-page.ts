import { type StaticPage, staticPage } from "./static-page";

type Props = Pick<StaticPage, "locale" | "theme" | "nonce" | "product" | "demo"> & {
  title: string;
  paragraphs: readonly string[];
  button: string;
  // the platform's own authorize page
  url: string;
};

// A form may not lead to a foreign host (CSP form-action), so this page does: by itself, or by its link. A refresh
// without delay replaces it in the history, so Back from the platform finds the page before it.
export function continuePage({ button, url, ...page }: Props): string {
  return staticPage({ ...page, action: { label: button, href: url }, refreshTo: url });
}
