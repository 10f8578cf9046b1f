import Link from "next/link";
import { useTranslations } from "next-intl";
import type { EventView } from "@/lib/audit/event-view";

/** What something was done to, as a way there where there is one. */
export function EventTarget({ event: { connection, merchant, facts } }: { event: EventView }) {
  const t = useTranslations("audit");
  const text = [facts.to, facts.name, facts.offer, facts.about].find((fact) => typeof fact === "string");
  const person = typeof facts.email === "string" ? facts.email : null;
  const link = (href: string, name: string) => (
    <Link href={href} prefetch={false} className="link inline-flex min-h-6 items-center">
      <bdi className="wrap-anywhere">{name}</bdi>
    </Link>
  );
  if (connection) return link(`/support/${connection.id}`, connection.name);
  if (person) return link(`/people?${new URLSearchParams({ q: person })}`, person);
  if (merchant) return link(`/people?${new URLSearchParams({ merchant: merchant.id })}`, merchant.name);
  return text ? <bdi className="wrap-anywhere">{String(text)}</bdi> : <span className="text-muted">{t("noTarget")}</span>;
}
