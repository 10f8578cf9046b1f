import { MOODS } from "./consent-moods";
import { escapeHtml, html } from "./simulator";

export type Store = { id: string; name: string };

/** The page where a person of the simulated platform chooses a store and decides. It posts to its own address, so the query comes back with the choice. */
export function consentPage(platform: string, stores: readonly Store[], permissions: readonly string[] = []): Response {
  const choices = stores
    .map(
      (store, index) =>
        `<p><label><input type="radio" name="store" value="${escapeHtml(store.id)}"${index === 0 ? " checked" : ""}> <bdi>${escapeHtml(store.name)}</bdi></label></p>`,
    )
    .join("");
  const asked =
    permissions.length === 0 ? "" : `<h2>It asks for</h2><ul>${permissions.map((one) => `<li>${escapeHtml(one)}</li>`).join("")}</ul>`;
  return html(
    200,
    `<title>Simulated ${escapeHtml(platform)}</title><main><h1>Simulated ${escapeHtml(platform)}</h1>
<p>This is a simulator. No real platform is involved.</p>${asked}
<form method="post"><fieldset><legend>Which store?</legend>${choices}</fieldset>
<button name="decision" value="approve">Approve</button> <button name="decision" value="deny">Deny</button>${MOODS}</form></main>`,
  );
}
