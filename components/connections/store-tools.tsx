import { useTranslations } from "next-intl";
import { SubmitButton } from "@/components/forms/submit-button";
import { ButtonLink } from "@/components/ui/button-link";
import { DialogLink } from "@/components/ui/dialog-link";
import type { ConnectionView } from "@/lib/connections/view";

type Act = (form: FormData) => Promise<void>;
type Props = { connection: ConnectionView; test: Act; renew: Act; dialogId: string };

// What an owner can do with a live store; the one thing that has to be done stands in its next step instead.
export function StoreTools({ connection, test, renew, dialogId }: Props) {
  const t = useTranslations("connections.detail");
  const { id, offer, renewable, state } = connection;
  const must = state === "needs_reconnect" || state === "expiring_soon";
  return (
    <div className="flex flex-wrap gap-2">
      <Act id={id} action={test} label={t("test")} />
      {renewable && <Act id={id} action={renew} label={t("renew")} />}
      {!must && (
        <ButtonLink href={`/connect/${offer}?connection=${id}`} prefetch={false}>
          {t("reconnect")}
        </ButtonLink>
      )}
      <DialogLink href={`/connections/${id}/disconnect`} dialogId={dialogId} className="sm:ms-auto">
        {t("disconnect")}
      </DialogLink>
    </div>
  );
}

function Act({ id, action, label }: { id: string; action: Act; label: string }) {
  return (
    <form action={action}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton tone="secondary">{label}</SubmitButton>
    </form>
  );
}
