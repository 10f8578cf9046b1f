"use client";

import { BrokenPage, useBrowserLocale } from "@/components/shell/broken-page";
import { directionOf } from "@/lib/locale";
import "./globals.css";

// Shown when the root layout itself failed: it replaces the whole document.
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const locale = useBrowserLocale();
  return (
    <html lang={locale} dir={directionOf(locale)} data-theme="system">
      <body>
        <BrokenPage error={error} retry={retry} />
      </body>
    </html>
  );
}
