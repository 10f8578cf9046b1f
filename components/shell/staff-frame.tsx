import { Menu } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { PaletteButton } from "@/components/palette/palette-button";
import { AccountMenu } from "./account-menu";
import type { ActorSummary } from "./actor-summary";
import { LanguageSwitch } from "./language-switch";
import { Mark } from "./mark";
import { navItems } from "./nav-items";
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

// A side rail beside full-width work. Under 900 px the same rail is a sheet that the browser itself opens
// and closes (popover), so it needs no JavaScript and exists once in the page.
export function StaffFrame({ actor, signOut, banner, children }: Props) {
  const t = useTranslations("shell");
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      {banner}
      <div className="grow rail:grid rail:grid-cols-[13rem_minmax(0,1fr)] rail:grid-rows-[auto_1fr]">
        <header className="flex min-h-14 items-center gap-1 border-b border-line bg-surface-raised px-2 rail:col-start-2 rail:px-6">
          <button
            type="button"
            popoverTarget="rail"
            aria-label={t("menu")}
            className="inline-flex size-11 items-center justify-center rounded-md hover:bg-surface-sunken rail:hidden"
          >
            <Menu size={20} aria-hidden="true" />
          </button>
          <Home name={t("product")} className="grow rail:invisible" nameClass="max-sm:sr-only" />
          <PaletteButton label={t("palette.open")} texts={paletteTexts(t)} />
          <TimesSwitch look="short" className="max-sm:hidden" />
          <LanguageSwitch />
          <ThemeMenu />
          <AccountMenu actor={actor} signOut={signOut} />
        </header>
        <div
          id="rail"
          popover="auto"
          className="rail border-line bg-surface-raised p-3 rail:static rail:col-start-1 rail:row-span-2 rail:row-start-1 rail:block rail:h-auto rail:w-full rail:overflow-visible rail:border-e"
        >
          <nav aria-label={t("nav.label")} className="flex flex-col gap-0.5 rail:sticky rail:top-3">
            <Home name={t("product")} className="mb-4 px-2" />
            {navItems(actor.role).map(({ place, href, icon: Icon }) => (
              <NavLink
                key={place}
                href={href}
                className="flex min-h-10 items-center gap-3 rounded-md px-3 text-sm text-muted hover:bg-surface-sunken hover:text-ink aria-[current=page]:bg-accent-surface aria-[current=page]:font-medium aria-[current=page]:text-ink"
              >
                <Icon size={16} aria-hidden="true" />
                {t(`nav.${place}`)}
              </NavLink>
            ))}
          </nav>
        </div>
        <main id="content" tabIndex={-1} className="min-w-0 px-4 pt-6 pb-16 rail:col-start-2 rail:px-6">
          {children}
        </main>
      </div>
    </div>
  );
}

const paletteTexts = (t: ReturnType<typeof useTranslations<"shell">>) => ({
  title: t("palette.title"),
  hint: t("palette.hint"),
  // As keyboards say it in every language.
  keys: ["Ctrl", "K"].join(" "),
  find: t("palette.find", { q: "{q}" }),
  nothing: t("palette.nothing"),
  group: { acts: t("palette.acts"), pages: t("palette.pages"), settings: t("palette.settings") },
});

// On a phone the bar has room for the mark alone.
function Home({ name, className, nameClass }: { name: string; className: string; nameClass?: string }) {
  return (
    <Link href="/" className={`flex min-h-11 items-center gap-2.5 rounded-md font-semibold ${className}`}>
      <Mark />
      <span className={nameClass}>{name}</span>
    </Link>
  );
}
