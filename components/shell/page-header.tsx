import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

type Props = {
  title: ReactNode;
  // one sentence: for staff the page's sentence of truth, for merchants what this page is for
  lead?: ReactNode;
  back?: { href: string; label: string };
  actions?: ReactNode;
  // a platform's tile before the title
  tile?: ReactNode;
  // a pill beside the title
  beside?: ReactNode;
  id?: string;
};

// The page's only h1. It can take focus, so that a page whose title is the outcome can be announced.
export function PageHeader({ title, lead, back, actions, tile, beside, id = "title" }: Props) {
  return (
    <div className="mb-6 sm:mb-8">
      {back && (
        <Link href={back.href} className="-mt-3 mb-1 inline-flex min-h-11 items-center gap-1.5 text-sm text-muted hover:text-ink">
          <ArrowLeft size={16} aria-hidden="true" className="rtl:-scale-x-100" />
          {back.label}
        </Link>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className={`flex min-w-0 gap-4 ${lead ? "items-start" : "items-center"}`}>
          {tile}
          <div className="min-w-0 max-w-prose">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
              <h1 id={id} tabIndex={-1} className="text-xl font-semibold wrap-anywhere">
                {title}
              </h1>
              {beside}
            </div>
            {lead && <div className={`text-muted ${tile ? "mt-0.5" : "mt-2"}`}>{lead}</div>}
          </div>
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
