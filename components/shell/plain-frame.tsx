import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LanguageSwitch } from "./language-switch";
import { Mark } from "./mark";
import { SkipLink } from "./skip-link";
import { ThemeMenu } from "./theme-menu";

type Props = {
  banner?: ReactNode;
  children: ReactNode;
  narrow?: boolean;
  // as wide as a merchant's pages
  wide?: boolean;
  // false: the product's name leads nowhere
  home?: boolean;
};

const brand = "me-auto flex min-h-11 items-center gap-2.5 rounded-md";

// For pages that know no actor: signing in, a page that is not there. One column, as narrow as a form where it is one.
export function PlainFrame({ banner, children, narrow, wide, home = true }: Props) {
  const t = useTranslations("shell");
  const width = wide ? "max-w-page" : narrow ? "max-w-form" : "max-w-prose";
  const name = (
    <>
      <Mark />
      <span className="font-semibold">{t("product")}</span>
    </>
  );
  return (
    <>
      <SkipLink />
      {banner}
      <header className="mx-auto flex min-h-14 max-w-page items-center gap-1 px-4 sm:px-6">
        {home ? (
          <Link href="/" className={brand}>
            {name}
          </Link>
        ) : (
          <span className={brand}>{name}</span>
        )}
        <LanguageSwitch />
        <ThemeMenu />
      </header>
      <main id="content" tabIndex={-1} className={`mx-auto px-4 pt-10 pb-16 sm:px-6 ${wide ? "" : "sm:pt-20"} ${width}`}>
        {children}
      </main>
    </>
  );
}
