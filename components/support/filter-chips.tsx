import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { platformLabel } from "@/components/connections/platform-text";
import type { OfferView } from "@/lib/connections/catalogue";
import { type Criteria, criteriaQuery } from "@/lib/connections/criteria";
import { windowText } from "@/lib/connections/window";
import { useCauseLabel } from "./cause-label";
import { useWindowLabel } from "./window-label";

type Props = { criteria: Criteria; offers: OfferView[] };
type Chip = { key: string; text: string; without: Criteria };

const hrefOf = (criteria: Criteria) => {
  const query = criteriaQuery(criteria);
  return query.size > 0 ? `/support?${query}` : "/support?sort=attention";
};

// What the list is narrowed to, operators among the typed words included; each part is taken away by its own link.
export function FilterChips({ criteria, offers }: Props) {
  const t = useTranslations("support.chips");
  const filter = useTranslations("support.filter");
  const chips = useChips(criteria, offers);
  if (chips.length === 0) return null;
  return (
    <ul aria-label={t("label")} className="flex flex-wrap items-center gap-2">
      {chips.map(({ key, text, without }) => (
        <li key={key}>
          <ChipLink href={hrefOf(without)} label={t("remove", { filter: text })}>
            <bdi>{text}</bdi>
          </ChipLink>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <a href="/support?sort=attention" className="link inline-flex min-h-8 items-center px-1 text-sm">
            {filter("clearAll")}
          </a>
        </li>
      )}
    </ul>
  );
}

function ChipLink({ href, label, children }: { href: string; label: string; children: ReactNode }) {
  return (
    <a
      href={href}
      aria-label={label}
      className="inline-flex min-h-8 max-w-full items-center gap-1.5 rounded-full border border-line-strong/60 bg-surface-raised ps-3 pe-2 text-sm wrap-anywhere hover:bg-surface-sunken"
    >
      {children}
      <X size={14} aria-hidden="true" className="shrink-0 text-muted" />
    </a>
  );
}

function useChips(criteria: Criteria, offers: OfferView[]): Chip[] {
  const t = useTranslations("support.filter");
  const chip = useTranslations("support.chips");
  const words = useTranslations("state");
  const platforms = useTranslations("platforms");
  const causeLabel = useCauseLabel();
  const windowLabel = useWindowLabel();
  const { text, states, offer, environment, cause, renews, runsOut, due, created, owner } = criteria;
  const named = (key: string, value: string, without: Partial<Criteria>): Chip => ({
    key,
    text: `${t(key as "offer")}: ${value}`,
    without: { ...criteria, ...without },
  });
  const offered = offers.find(({ slug }) => slug === offer);
  return [
    ...(text ? [{ key: "text", text: chip("text", { text }), without: { ...criteria, text: "" } }] : []),
    ...states.map((state) => ({
      key: state,
      text: words(state),
      without: { ...criteria, states: states.filter((one) => one !== state) },
    })),
    ...(offer ? [named("offer", offered ? platformLabel(platforms, offered) : offer, { offer: null })] : []),
    ...(environment ? [named("environment", environment, { environment: null })] : []),
    ...(cause ? [named("cause", causeLabel(cause), { cause: null })] : []),
    ...(renews === null ? [] : [named("renews", t(renews ? "yes" : "no"), { renews: null })]),
    ...(runsOut ? [named("runs_out", windowLabel("runs_out", windowText(runsOut)), { runsOut: null })] : []),
    ...(due ? [named("due", windowLabel("due", windowText(due)), { due: null })] : []),
    ...(created ? [named("created", windowLabel("created", windowText(created)), { created: null })] : []),
    ...(owner ? [named("owner", owner, { owner: null })] : []),
  ];
}
