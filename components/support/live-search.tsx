"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";

type Props = {
  // what the form asks for, as an address says it
  query: string;
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
export function LiveSearch({ query, slow }: Props) {
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

  // Whoever comes to work here comes to search; a thumb does not want a keyboard over the page.
  useEffect(() => {
    const desk = matchMedia("(pointer: fine) and (width >= 56.25rem)").matches;
    if (desk && document.activeElement === document.body) {
      document.querySelector<HTMLInputElement>("form#search input[name=q]")?.focus({ preventScroll: true });
    }
  }, []);

  // A list that was reached by a link says in the form what it is; whoever types is left alone.
  useEffect(() => {
    const asked = new URLSearchParams(query);
    for (const field of document.querySelectorAll<HTMLInputElement | HTMLSelectElement>("form#search :is(input, select)")) {
      const value = asked.get(field.name) ?? "";
      if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value.split(",").includes(field.value);
      else if (field instanceof HTMLSelectElement || field !== document.activeElement) field.value = value;
    }
  }, [query]);

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
