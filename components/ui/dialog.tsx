import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

type Props = { id: string; title: ReactNode; children: ReactNode };

// The browser's own dialog: it holds the focus, closes with Esc and gives the focus back. DialogLink opens it;
// its content must also live at the page that the link names, for readers without JavaScript.
export function Dialog({ id, title, children }: Props) {
  const t = useTranslations("dialog");
  return (
    <dialog
      id={id}
      closedby="any"
      aria-labelledby={`${id}-title`}
      className="m-auto w-[min(32rem,calc(100vw-2rem))] rounded-lg border border-line bg-surface-raised p-0 shadow-overlay"
    >
      <div className="flex items-start justify-between gap-4 border-b border-line py-2 ps-5 pe-2">
        <h2 id={`${id}-title`} className="py-2 text-lg font-semibold wrap-anywhere">
          {title}
        </h2>
        <form method="dialog">
          <button
            type="submit"
            aria-label={t("close")}
            className="inline-flex size-11 items-center justify-center rounded-md hover:bg-surface-sunken"
          >
            <X size={18} aria-hidden="true" />
          </button>
        </form>
      </div>
      <div className="p-5">{children}</div>
    </dialog>
  );
}
