import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import type { ConnectionView } from "@/lib/connections/view";
import type { LinkView } from "@/lib/links/open-links";
import { MakeLinkForm } from "./make-link-form";
import { OpenLinkList } from "./open-link-list";

type Props = {
  connection: ConnectionView;
  // it can be connected again
  live: boolean;
  links: LinkView[];
  platforms: ReadonlyMap<string, string>;
  make: Parameters<typeof MakeLinkForm>[0]["action"];
  takeBack: (form: FormData) => Promise<void>;
  // what came of taking one back
  done: "taken_back" | "link_over" | "link_in_use" | null;
  now: Date;
};

// Ways in without an account, for the merchant of this store.
export function StoreLinks({ connection, live, links, platforms, make, takeBack, done, now }: Props) {
  const t = useTranslations("support.links");
  const copy = useTranslations("copy");
  const again = { value: "reconnect", label: t("reconnect") };
  const other = { value: "new", label: t("new") };
  return (
    <section aria-labelledby="links">
      <h2 id="links" className="text-lg font-semibold">
        {t("title")}
      </h2>
      <p className="mt-1 mb-3 text-muted">{t("text")}</p>
      {done && (
        <div role="status" className="mb-3">
          <Notice tone={done === "taken_back" ? "positive" : "warning"}>{t(`done.${done}`)}</Notice>
        </div>
      )}
      <MakeLinkForm
        action={make}
        connectionId={connection.id}
        open={links.map(({ id }) => id)}
        purposes={live ? [again, other] : [other]}
        texts={{ title: t("made.title"), copy: copy("copy", { what: t("made.label") }), copied: copy("copied") }}
      />
      <OpenLinkList links={links} connectionId={connection.id} platforms={platforms} takeBack={takeBack} now={now} />
    </section>
  );
}
