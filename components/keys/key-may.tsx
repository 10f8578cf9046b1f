import { useTranslations } from "next-intl";
import { Fragment } from "react";
import type { KeyView } from "@/lib/keys/show-keys";

type Props = { of: KeyView; platforms: Record<string, string> };

// What a key may do, and of what.
export function KeyMay({ of: { scopes, merchants, offers, requestsPerSecond }, platforms }: Props) {
  const t = useTranslations("keys.table");
  return (
    <ul className="text-sm">
      <li dir="ltr" className="flex flex-wrap gap-x-2 rtl:justify-end">
        {scopes.map((scope) => (
          <code key={scope} className="whitespace-nowrap">
            {scope}
          </code>
        ))}
      </li>
      {merchants && <li>{t.rich("merchants", { names: () => <Names names={merchants} /> })}</li>}
      {offers && <li>{t.rich("platforms", { names: () => <Names names={offers.map((slug) => platforms[slug] ?? slug)} /> })}</li>}
      <li className="text-muted">{t("perSecond", { n: requestsPerSecond })}</li>
    </ul>
  );
}

function Names({ names }: { names: string[] }) {
  return names.map((name, nth) => (
    <Fragment key={name}>
      {nth > 0 && " · "}
      <bdi className="wrap-anywhere">{name}</bdi>
    </Fragment>
  ));
}
