import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { TextField } from "@/components/forms/text-field";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";
import { builtInViews, type Criteria, criteriaQuery } from "@/lib/connections/criteria";
import type { SavedView } from "@/lib/views/list-views";

type Action = (form: FormData) => Promise<void>;
type Props = { criteria: Criteria; saved: SavedView[]; save: Action; forget: Action };

const tab =
  "inline-flex min-h-9 items-center rounded-md px-3 text-sm text-muted no-underline hover:bg-surface-sunken hover:text-ink aria-[current=page]:bg-accent-surface aria-[current=page]:font-medium aria-[current=page]:text-ink";

/** The built-in or saved list that this is; null: it is none of them. */
export function currentView(criteria: Criteria, saved: SavedView[]): string | null {
  const query = criteriaQuery(criteria).toString();
  const own = Object.entries(builtInViews).find(([, view]) => criteriaQuery(view).toString() === query);
  return own?.[0] ?? saved.find((view) => view.query === query)?.id ?? null;
}

// Lists by name: those that everybody has, and those that this person saved.
export function ListViews({ criteria, saved, save, forget }: Props) {
  const t = useTranslations("support.views");
  const current = currentView(criteria, saved);
  const query = criteriaQuery(criteria).toString();
  const lists = [
    ...Object.entries(builtInViews).map(([id, view]) => ({
      id,
      name: t(`own.${id as keyof typeof builtInViews}`),
      href: id === "attention" ? "" : `?${criteriaQuery(view)}`,
    })),
    ...saved.map((view) => ({ ...view, href: `?${view.query}` })),
  ];
  return (
    <div className="space-y-1">
      <nav aria-label={t("label")}>
        <ul className="-ms-3 flex flex-wrap gap-1">
          {lists.map(({ id, name, href }) => (
            <li key={id}>
              <a href={`/support${href}`} aria-current={id === current ? "page" : undefined} className={tab}>
                <bdi>{name}</bdi>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {(current === null || saved.length > 0) && (
        <div className="flex flex-wrap gap-x-6">
          {current === null && (
            <Disclosure size="small" summary={t("save")}>
              <form action={save} className="grid items-end gap-3 py-2 sm:grid-cols-[minmax(0,18rem)_auto]">
                <input type="hidden" name="query" value={query} />
                <TextField id="view-name" name="name" label={t("name")} required maxLength={60} autoComplete="off" />
                <Button type="submit">{t("keep")}</Button>
              </form>
            </Disclosure>
          )}
          {saved.length > 0 && (
            <Disclosure size="small" summary={t("manage")}>
              <form action={forget} className="flex flex-wrap gap-2 py-2">
                <input type="hidden" name="query" value={query} />
                {saved.map(({ id, name }) => (
                  <Button key={id} type="submit" name="id" value={id} size="small" aria-label={t("forget", { name })}>
                    <bdi>{name}</bdi>
                    <X size={14} aria-hidden="true" className="text-muted" />
                  </Button>
                ))}
              </form>
            </Disclosure>
          )}
        </div>
      )}
    </div>
  );
}
