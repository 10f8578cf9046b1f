import { CircleUserRound, LogOut, Mail } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { PopoverMenu } from "@/components/ui/popover-menu";
import type { ActorSummary } from "./actor-summary";
import { TimesSwitch } from "./times-switch";

type Props = { actor: ActorSummary; signOut: (form: FormData) => void | Promise<void> };

const item = "flex min-h-11 w-full items-center gap-3 rounded-md px-3 text-start text-sm hover:bg-surface-sunken";

export function AccountMenu({ actor, signOut }: Props) {
  const t = useTranslations("shell");
  return (
    <PopoverMenu id="account-menu" label={t("account", { name: actor.name })} trigger={<CircleUserRound size={20} aria-hidden="true" />}>
      <div className="border-b border-line px-3 pt-1.5 pb-3">
        <p className="font-medium wrap-anywhere">
          <bdi>{actor.name}</bdi>
        </p>
        {actor.email !== actor.name && (
          <p className="text-xs break-all text-muted">
            <bdi>{actor.email}</bdi>
          </p>
        )}
        <p className="mt-1 text-xs text-muted">{t(`role.${actor.role}`)}</p>
      </div>
      {actor.role === "merchant" && (
        <Link href="/settings/mail" prefetch={false} className={`mt-1.5 ${item}`}>
          <Mail size={16} aria-hidden="true" className="text-muted" />
          {t("emails")}
        </Link>
      )}
      <TimesSwitch look="line" className="pt-1.5 sm:hidden" />
      <form action={signOut} className="pt-1.5">
        <button type="submit" className={item}>
          <LogOut size={16} aria-hidden="true" className="text-muted rtl:-scale-x-100" />
          {t("signOut")}
        </button>
      </form>
    </PopoverMenu>
  );
}
