"use client";

import { X } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { buttonClass } from "@/components/ui/button";
import { RevokeForm } from "./revoke-form";
import type { RevokeAction, RevokeAnswer, RevokeParts } from "./revoke-parts";
import { RevokeWarning } from "./revoke-warning";

type Ended = Extract<RevokeAnswer, { kind: "ended" }>;
type Content = "loading" | "failed" | RevokeParts | Ended;

type Props = {
  // what the dialog of one connection says; or that there is nothing to end any more
  load: (connectionId: string) => Promise<RevokeParts | Ended>;
  action: RevokeAction;
  texts: Record<"title" | "loading" | "failed" | "close", string>;
};

// Opens instead of the page that a link marked `data-revoke` leads to. What ended is said once, politely, and the focus goes back to the
// connection's own row.
export function RevokeDialog({ load, action, texts }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef<HTMLAnchorElement>(null);
  const place = useRef(-1);
  const [content, setContent] = useState<Content>("loading");
  const [told, setTold] = useState("");

  useEffect(() => {
    // Before the link's own way of leading there.
    const pressed = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[data-revoke]") : null;
      if (!(link instanceof HTMLAnchorElement) || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      opener.current = link;
      place.current = rows().indexOf(link.closest("tr") ?? document.body);
      setContent("loading");
      dialog.current?.showModal();
      load(link.dataset.revoke ?? "").then(setContent, () => setContent("failed"));
    };
    window.addEventListener("click", pressed, true);
    return () => window.removeEventListener("click", pressed, true);
  }, [load]);

  const onEnded = useCallback((answer: Ended) => {
    setTold(answer.text);
    window.dispatchEvent(new CustomEvent("latchkey:changed", { detail: answer.connectionId }));
    // Who was second reads what the first one did before it goes away.
    if (answer.by === "other") setContent(answer);
    else dialog.current?.close();
  }, []);

  const parts = typeof content === "object" && "code" in content ? content : null;
  return (
    <>
      <p role="status" className="sr-only">
        {told}
      </p>
      <dialog
        ref={dialog}
        closedby="any"
        aria-labelledby="revoke-title"
        aria-busy={content === "loading"}
        onClose={() => {
          focusBack(opener.current, place.current);
          setContent("loading");
        }}
        className="m-auto w-[min(36rem,calc(100vw-2rem))] rounded-lg border border-line bg-surface-raised p-0 shadow-overlay"
      >
        <div className="flex items-start justify-between gap-4 border-b border-line py-2 ps-5 pe-2">
          <h2 id="revoke-title" className="py-2 text-lg font-semibold wrap-anywhere">
            {parts?.title ?? texts.title}
          </h2>
          <form method="dialog">
            <button
              type="submit"
              aria-label={texts.close}
              className="inline-flex size-11 items-center justify-center rounded-md hover:bg-surface-sunken"
            >
              <X size={18} aria-hidden="true" />
            </button>
          </form>
        </div>
        <div className="min-h-40 space-y-5 p-5">
          {content === "loading" && <p className="text-muted">{texts.loading}</p>}
          {content === "failed" && (
            <p>
              {texts.failed}{" "}
              <a href={opener.current?.href} className="link">
                {texts.title}
              </a>
            </p>
          )}
          {typeof content === "object" && "text" in content && <p className="text-lg">{content.text}</p>}
          {parts && (
            <>
              <p className="text-muted">{parts.lead}</p>
              <RevokeWarning {...parts} />
              <RevokeForm
                action={action}
                parts={parts}
                onEnded={onEnded}
                cancel={
                  <button type="button" onClick={() => dialog.current?.close()} className={`${buttonClass()} max-sm:w-full`}>
                    {parts.texts.cancel}
                  </button>
                }
              />
            </>
          )}
        </div>
      </dialog>
    </>
  );
}

const rows = () => [...document.querySelectorAll("main tbody tr")];
const KEEP_MS = 3_000;

/** The connection's row, or the one that took its place; on the connection's own page, where the link is gone, the heading. */
function wayBack(link: HTMLAnchorElement | null, index: number): HTMLElement | null {
  const row = document.querySelector<HTMLElement>(`main td a[href="/support/${link?.dataset.revoke}"]`);
  const opener = link?.isConnected && link.checkVisibility() ? link : null;
  const next =
    index < 0
      ? null
      : rows()
          .at(Math.min(index, rows().length - 1))
          ?.querySelector<HTMLElement>("a[href]");
  return row ?? opener ?? next ?? document.querySelector("h1");
}

/** The list is drawn anew a moment later, which takes the focus away; whoever moves it themselves keeps it where they put it. */
function focusBack(link: HTMLAnchorElement | null, index: number): void {
  const focus = () => {
    const target = wayBack(link, index);
    if (document.activeElement !== target) target?.focus();
  };
  const seen = new MutationObserver(focus);
  const over = () => {
    seen.disconnect();
    for (const event of ["keydown", "pointerdown"]) document.removeEventListener(event, over, true);
    document.removeEventListener("focusin", focus);
  };
  focus();
  seen.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("focusin", focus);
  for (const event of ["keydown", "pointerdown"]) document.addEventListener(event, over, true);
  setTimeout(over, KEEP_MS);
}
