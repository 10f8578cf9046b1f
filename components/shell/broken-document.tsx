"use client";

import { directionOf } from "@/lib/locale";
import { BrokenPage, useBrowserLocale } from "./broken-page";

// In place of the whole document, root layout and all.
export function BrokenDocument(props: Parameters<typeof BrokenPage>[0]) {
  const locale = useBrowserLocale();
  return (
    <html lang={locale} dir={directionOf(locale)} data-theme="system">
      <body>
        <BrokenPage {...props} />
      </body>
    </html>
  );
}
