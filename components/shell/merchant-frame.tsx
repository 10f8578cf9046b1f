import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { AccountMenu } from "./account-menu";
import type { ActorSummary } from "./actor-summary";
import { LanguageSwitch } from "./language-switch";
import { Mark } from "./mark";
import { NavLink } from "./nav-link";
import { SkipLink } from "./skip-link";
import { ThemeMenu } from "./theme-menu";
import { TimesSwitch } from "./times-switch";

type Props = {
  actor: ActorSummary;
  signOut: (form: FormData) => void | Promise<void>;
  banner?: ReactNode;
  children: ReactNode;
};

const linkClass =
  "inline-flex min-h-11 items-center rounded-md px-3 text-sm text-muted hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink";

// A top bar over one column of 1,120 px.
export function MerchantFrame({ actor, signOut, banner, children }: Props) {
  const t = useTranslations("shell");
  return (
    <>
      <SkipLink />
      {banner}
      <header className="border-b border-line bg-surface-raised">
        <div className="mx-auto flex min-h-14 max-w-page items-center gap-1 px-4 sm:px-6">
          <Link href="/connections" className="me-2 flex min-h-11 items-center gap-2.5 rounded-md sm:me-4">
            <Mark />
            <span className="font-semibold max-sm:sr-only">{t("product")}</span>
          </Link>
          <nav aria-label={t("nav.label")} className="flex grow">
            <NavLink href="/connections" className={linkClass}>
              {t("nav.connections")}
            </NavLink>
            <NavLink href="/connect" className={`${linkClass} max-sm:hidden`}>
              {t("nav.connect")}
            </NavLink>
          </nav>
          <TimesSwitch look="short" className="max-sm:hidden" />
          <LanguageSwitch />
          <ThemeMenu />
          <AccountMenu actor={actor} signOut={signOut} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-page px-4 pt-6 pb-16 sm:px-6 sm:pt-10">
        {children}
      </main>
    </>
  );
}
