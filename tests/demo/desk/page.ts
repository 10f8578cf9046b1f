import { secretHolders } from "@/tests/demo/client-secrets";
import type { Slug } from "@/tests/demo/seeding/plan";
import { weathers } from "@/tests/demo/weather";
import { people } from "@/tests/simulators/identity-provider";
import { escapeHtml } from "@/tests/simulators/simulator";
import { JUMPS } from "./acts";
import type { DeskState, Shown } from "./desk-state";
import { button, document, filled, type Page } from "./markup";
import { style } from "./style";
import { type Language, texts } from "./texts";
import { personOf, type Role, things } from "./things";

const NAMES: Record<Slug, string> = { square: "Square", noon: "Noon", ultracart: "UltraCart", norce: "Norce", oauth2: "Harbor" };
const slugs = Object.keys(NAMES) as Slug[];

const styled = `<style>${style}</style>`;
const count = (n: number) => n.toLocaleString("en");

/** While there is no demo to be shown. */
export function waitingPage(language: Language): string {
  const page = { language, text: texts[language] };
  const again = '<meta http-equiv="refresh" content="2">';
  return document(page, `<main><h1>${page.text.title}</h1><p role="status">${page.text.waiting}</p></main>`, styled + again);
}

export async function deskPage(state: DeskState, demo: Shown, language: Language, query: URLSearchParams): Promise<string> {
  const page: Page = { language, text: texts[language] };
  const { text } = page;
  const parts = [
    said(page, query),
    filling(page, demo),
    persons(page),
    time(page, demo),
    trouble(page, state, demo),
    tries(page),
    reset(page),
  ];
  const other = language === "en" ? "ar" : "en";
  const head = `<header><div><h1>${text.title}</h1><p>${text.real}</p>
<a href="${demo.url}/">${text.open}</a> <a href="/?lang=${other}" lang="${other}" hreflang="${other}">${text.other}</a></div></header>`;
  const made = !demo.filling || demo.filling.done() >= demo.filling.rows;
  const soon = demo.worker.state() === "stopping" ? 2 : made ? 0 : 15;
  const again = soon ? `<meta http-equiv="refresh" content="${soon};url=/?lang=${language}">` : "";
  return document(page, `${head}<main>${parts.join("")}</main>`, styled + again);
}

function said(page: Page, query: URLSearchParams): string {
  const { text } = page;
  const told = query.get("done") ?? "";
  if (!Object.hasOwn(text.done, told)) return "";
  const values = { by: text.jump[query.get("by") ?? ""] ?? "", store: query.get("name") ?? "" };
  const id = query.get("store") ?? "";
  const see = /^con_\w+$/.test(id) ? button(page, "/as", text.see, { person: personOf.support, to: `/support/${id}` }) : "";
  return `<div role="status">${filled(text.done[told] ?? "", values)} ${see}</div>`;
}

function filling({ text }: Page, { filling }: Shown): string {
  if (!filling || filling.done() >= filling.rows) return "";
  return `<p role="status">${filled(text.filling, { done: count(filling.done()), rows: count(filling.rows) })}</p>`;
}

function persons(page: Page): string {
  const { text } = page;
  const all = people.map(({ sub, name }) => button(page, "/as", `${name} · ${text.person[sub] ?? ""}`, { person: sub, to: "/" }));
  return `<section><h2>${text.people}</h2><p class="quiet">${text.peopleLead}</p><div class="row">${all.join("")}</div></section>`;
}

function time(page: Page, { world }: Shown): string {
  const { text } = page;
  const now = `${world.clock.now().toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const jumps = Object.keys(JUMPS).map((by) => button(page, "/clock", text.jump[by] ?? by, { by }));
  return `<section><h2>${text.time}</h2><p>${filled(text.timeLead, { now })}</p><div class="row">${jumps.join("")}</div></section>`;
}

function trouble(page: Page, state: DeskState, demo: Shown): string {
  const { text } = page;
  const toggle = (path: string, label: string, broken: boolean, fields: Record<string, string>, about: string) =>
    broken
      ? `<span class="broken">${text.broken}: ${escapeHtml(label)}</span>${button(page, path, text.mend, { ...fields, mend: "1" }, `${text.mend}: ${about} – ${label}`)}`
      : button(page, path, label, fields, `${text.break}: ${about} – ${label}`);
  const platforms = slugs.map((slug) => {
    const fields = { platform: slug };
    const all = weathers.map((what) =>
      toggle("/weather", text.weather[what] ?? what, demo.world.weather[slug].has(what), { ...fields, what }, NAMES[slug]),
    );
    const holder = secretHolders.find((one) => one === slug);
    if (holder) all.push(toggle("/secret", text.secret, state.secrets.has(holder), fields, NAMES[slug]));
    return `<fieldset><legend>${NAMES[slug]}</legend><div class="row">${all.join("")}</div></fieldset>`;
  });
  const works = demo.worker.state();
  const runs = works === "running";
  const worker = `<p${runs ? "" : ' class="broken"'}>${text.workerIs[works]}</p>${button(page, "/worker", runs ? text.stop : text.start, runs ? {} : { mend: "1" })}`;
  const stuck = demo.world.trouble.accounts;
  const accounts = `<p>${stuck ? text.accountsTroubled : text.accountsWell}</p>${button(page, "/accounts", stuck ? text.mend : text.break, stuck ? { mend: "1" } : {}, `${stuck ? text.mend : text.break}: ${text.accounts}`)}`;
  return `<section><h2>${text.trouble}</h2><p class="quiet">${text.troubleLead}</p>
<h3>${text.worker}</h3>${worker}
<h3>${text.takeAway}</h3><p class="quiet">${text.takeAwayLead}</p>${takeAway(page)}
<h3>${text.platforms}</h3>${platforms.join("")}
${demo.filling ? `<h3>${text.accounts}</h3>${accounts}` : ""}</section>`;
}

function takeAway({ text, language }: Page): string {
  const options = slugs.map((slug) => `<option value="${slug}">${NAMES[slug]}</option>`).join("");
  return `<form method="post" action="/take-away" class="row"><input type="hidden" name="lang" value="${language}">
<div><label for="platform">${text.platform}</label><select id="platform" name="platform">${options}</select></div>
<div><label for="store">${text.store}</label><input id="store" name="store" maxlength="200" aria-describedby="store-hint"></div>
<button>${text.takeAwayButton}</button></form><p id="store-hint" class="quiet">${text.storeHint}</p>`;
}

function tries(page: Page): string {
  const { text } = page;
  const lists = (Object.keys(things) as Role[]).map((role) => {
    const items = things[role].map(({ to, key }) => {
      const about = text.thing[key] ?? key;
      return `<li>${escapeHtml(about)} ${button(page, "/as", text.go, { person: personOf[role], to }, `${text.go}: ${about}`)}</li>`;
    });
    return `<details><summary>${text.thingsOf[role]}</summary><ol>${items.join("")}</ol></details>`;
  });
  return `<section><h2>${text.things}</h2>${lists.join("")}</section>`;
}

function reset(page: Page): string {
  const { text } = page;
  const really = button(page, "/reset", text.resetButton, {});
  return `<section><h2>${text.reset}</h2><details><summary>${text.reset}</summary><p>${text.resetLead}</p>${really}</details></section>`;
}
