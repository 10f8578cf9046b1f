import { useTranslations } from "next-intl";

/** A trouble's code in our words where we have some for it, whatever the platform; else the code. */
export function useCauseLabel(): (code: string) => string {
  const t = useTranslations("connection");
  return (code) => {
    // Keyed by data, so the catalogue cannot type it.
    const path = `cause.${code}` as "cause.other";
    return t.has(path) ? t(path) : code;
  };
}
