import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Neighbour } from "@/lib/connections/show";

export function NeighbourList({ neighbours }: { neighbours: Neighbour[] }) {
  const t = useTranslations("support");
  return (
    <ul className="list-disc space-y-1 ps-5">
      {neighbours.map(({ id, name, merchantName }) => (
        <li key={id}>
          {t.rich("neighbour", {
            store: () => (
              <Link href={`/support/${id}`} prefetch={false} className="link font-medium">
                <bdi>{name ?? t("table.unnamed")}</bdi>
              </Link>
            ),
            merchant: () => <bdi>{merchantName}</bdi>,
          })}
        </li>
      ))}
    </ul>
  );
}
