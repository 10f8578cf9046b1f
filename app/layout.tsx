import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { cookies, headers } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { preload } from "react-dom";
import { OfflineNote } from "@/components/shell/offline-note";
import { RememberTimeZone } from "@/components/shell/remember-time-zone";
import { env } from "@/lib/env";
import { directionOf, localeOfTag } from "@/lib/locale";
import { isTheme, type Theme, themeCookie } from "@/lib/theme";
import "./globals.css";

const sans = localFont({
  src: "./fonts/geist-sans.woff2",
  weight: "400 600",
  variable: "--font-geist-sans",
  display: "swap",
});
const mono = localFont({
  src: "./fonts/geist-mono.woff2",
  weight: "400",
  variable: "--font-geist-mono",
  display: "swap",
  preload: false,
  adjustFontFallback: false,
});
// Not by `next/font`, which would have every page load it first or none: on an Arabic one the first paint is to have it.
const ARABIC = "/fonts/noto-sans-arabic.1.woff2";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  const product = t("product");
  // A tab with demo data must not be taken for the real one.
  const prefix = env().LATCHKEY_DEMO ? `[${t("demo.label")}] ` : "";
  return {
    title: { template: `${prefix}%s — ${product}`, default: `${prefix}${product}` },
    description: t("description"),
    applicationName: product,
    robots: { index: false, follow: false },
    formatDetection: { telephone: false, date: false, address: false, email: false },
  };
}

const paper = { light: "#faf8f4", dark: "#161410" };
// The browser's own frame takes the banner's colour, so that a demo looks like one even where the page is scrolled.
const demoPaper = { light: "#1d1a15", dark: "#3d372c" };

export async function generateViewport(): Promise<Viewport> {
  const theme = await readTheme();
  const frame = env().LATCHKEY_DEMO ? demoPaper : paper;
  if (theme !== "system") return { colorScheme: theme, themeColor: frame[theme] };
  return {
    colorScheme: "light dark",
    themeColor: [
      { media: "(prefers-color-scheme: light)", color: frame.light },
      { media: "(prefers-color-scheme: dark)", color: frame.dark },
    ],
  };
}

// Reading cookies and headers here is also what makes every page dynamic, so that its nonce arrives.
export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = localeOfTag(await getLocale());
  if (locale === "ar") preload(ARABIC, { as: "font", type: "font/woff2", crossOrigin: "anonymous" });
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html
      lang={locale}
      dir={directionOf(locale)}
      data-theme={await readTheme()}
      className={`${sans.variable} ${mono.variable} antialiased`}
    >
      <body>
        {children}
        <OfflineNote text={(await getTranslations("shell"))("offline")} />
        <RememberTimeZone nonce={nonce} />
      </body>
    </html>
  );
}

async function readTheme(): Promise<Theme> {
  const theme = (await cookies()).get(themeCookie)?.value;
  return isTheme(theme) ? theme : "system";
}
