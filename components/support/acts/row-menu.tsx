import { Ellipsis } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ConnectionView } from "@/lib/connections/view";
import { CopyItem } from "./copy-item";

const item = "flex min-h-9 w-full items-center rounded-md px-3 py-1.5 text-start text-sm hover:bg-surface-sunken";

// What can be done with one connection of a list. Opened and closed by the browser; every entry is on the connection's own page as well.
// The form that tests and renews is RowActs'.
export function RowMenu({ connection: { id, name, status, renewable, revoked } }: { connection: ConnectionView }) {
  const t = useTranslations("bulk.menu");
  const act = useTranslations("support.act");
  const support = useTranslations("support");
  const live = status === "active" || status === "reconnect";
  const menu = `menu-${id}`;
  return (
    <>
      <button
        type="button"
        popoverTarget={menu}
        aria-label={t("label", { store: name ?? support("table.unnamed") })}
        className="inline-flex size-8 items-center justify-center rounded-md hover:bg-surface-sunken cards:size-11"
      >
        <Ellipsis size={18} aria-hidden="true" />
      </button>
      <div id={menu} popover="auto" className="menu min-w-48 rounded-lg border border-line bg-surface-raised p-1.5 shadow-overlay">
        <a href={`/support/${id}`} className={item}>
          {t("open")}
        </a>
        {live && (
          <button type="submit" form="row-acts" name="act" value={`test:${id}`} className={item}>
            {act("test")}
          </button>
        )}
        {live && renewable && (
          <button type="submit" form="row-acts" name="act" value={`renew:${id}`} className={item}>
            {act("renew")}
          </button>
        )}
        <CopyItem text={id} label={t("copy")} copiedLabel={t("copied")} className={item} />
        {!revoked && (
          <a href={`/support/${id}/revoke`} data-revoke={id} className={`${item} text-critical`}>
            {support("detail.revoke")}
          </a>
        )}
      </div>
    </>
  );
}
