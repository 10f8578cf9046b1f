"use client";

import { useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { type Locale, localeCookie, negotiateLocale } from "@/lib/locale";
import ar from "@/lib/messages/broken.ar.json";
import en from "@/lib/messages/broken.en.json";
import { Mark } from "./mark";
import { MessagePage } from "./message-page";

const texts = { en, ar };

// An error boundary gets nothing from the server, so it reads the language where the browser keeps it.
export function useBrowserLocale(): Locale {
  return useSyncExternalStore(
    () => () => {},
    () => {
      const cookie = document.cookie.match(`(?:^|; )${localeCookie}=([a-z]+)`)?.[1];
      return negotiateLocale(cookie, navigator.languages.join(","));
    },
    () => "en",
  );
}

export function BrokenPage({ error, retry }: { error: unknown; retry: () => void }) {
  const t = texts[useBrowserLocale()];
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  return (
    <>
      <header className="mx-auto flex min-h-14 max-w-page items-center gap-2.5 px-4 font-semibold sm:px-6">
        <Mark />
        <bdi>Latchkey</bdi>
      </header>
      <main className="mx-auto max-w-prose px-4 pt-10 pb-16 sm:px-6 sm:pt-20">
        <MessagePage
          title={t.title}
          action={
            <Button tone="primary" onClick={retry}>
              {t.action}
            </Button>
          }
          reference={
            digest && (
              <>
                {t.reference} <code dir="ltr">{digest}</code>
              </>
            )
          }
        >
          <p>{t.text}</p>
        </MessagePage>
      </main>
    </>
  );
}
