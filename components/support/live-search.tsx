"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";

type Props = {
  // the list that is shown, as its address says it, and the words in it
  query: string;
  text: string;
  slow: string;
};

const DEBOUNCE_MS = 250;
const SLOW_MS = 2_000;

function addressOf(form: HTMLFormElement): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim()) query.append(name, value);
  return query.size > 0 ? `${form.getAttribute("action")}?${query}` : (form.getAttribute("action") ?? "");
}

const plain = (event: MouseEvent) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

// Answers while somebody types, and keeps the rows that are there, dimmed, until the others come. The address is the state, so the router's
// own `replace` in a transition is all that it takes: a library for it would be 6 kB that keep a second copy.
export function LiveSearch({ query, text, slow }: Props) {
  const router = useRouter();
  const [pending, begin] = useTransition();
  const [late, setLate] = useState(false);

  useEffect(() => {
    const form = document.querySelector<HTMLFormElement>("form#search");
    if (!form) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = (address: string, how: "push" | "replace") => {
      clearTimeout(timer);
      if (address !== location.pathname + location.search) begin(() => router[how](address, { scroll: how === "push" }));
    };
    const typed = ({ target }: Event) => {
      if (!(target instanceof HTMLInputElement) || target.name !== "q") return;
      clearTimeout(timer);
      timer = setTimeout(() => go(addressOf(form), "replace"), DEBOUNCE_MS);
    };
    const chosen = ({ target }: Event) => {
      const field = target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target : null;
      if (field && field.name !== "q") go(addressOf(form), "replace");
    };
    const sent = (event: SubmitEvent) => {
      event.preventDefault();
      go(addressOf(form), "push");
    };
    // Other pages, views and fewer filters: links to the same list, waited for in the same way.
    const pressed = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("main a[href]") : null;
      if (!link || !plain(event) || !/^\/support(\?|$)/.test(link.getAttribute("href") ?? "")) return;
      event.preventDefault();
      go(link.getAttribute("href") ?? "", "push");
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", chosen);
    form.addEventListener("submit", sent);
    window.addEventListener("click", pressed, true);
    return () => {
      clearTimeout(timer);
      form.removeEventListener("input", typed);
      form.removeEventListener("change", chosen);
      form.removeEventListener("submit", sent);
      window.removeEventListener("click", pressed, true);
    };
  }, [router]);

  // A list that was reached by a link says in its box what it is; whoever types is left alone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list with the same words counts as well
  useEffect(() => {
    const box = document.querySelector<HTMLInputElement>("form#search input[name=q]");
    if (box && document.activeElement !== box) box.value = text;
  }, [query, text]);

  useEffect(() => {
    document.getElementById("results")?.setAttribute("aria-busy", String(pending));
    if (!pending) return setLate(false);
    const timer = setTimeout(() => setLate(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [pending]);

  return (
    <p role="status" className={late ? "text-sm text-muted" : "sr-only"}>
      {late && slow}
    </p>
  );
}
