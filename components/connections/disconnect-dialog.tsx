import { useTranslations } from "next-intl";
import { Dialog } from "@/components/ui/dialog";
import type { Shown } from "@/lib/connections/show";
import { DisconnectForm } from "./disconnect-form";

type Props = { id: string; shown: Shown; action: (form: FormData) => Promise<void> };

// The same as the page /connections/[id]/disconnect, where a script is at hand.
export function DisconnectDialog({ id, shown: { connection, siblings }, action }: Props) {
  const t = useTranslations("disconnect");
  const { name } = connection;
  return (
    <Dialog id={id} title={name ? t.rich("title", { store: () => <bdi>{name}</bdi> }) : t("titleUnnamed")}>
      <DisconnectForm connection={connection} siblings={siblings} action={action} />
    </Dialog>
  );
}
