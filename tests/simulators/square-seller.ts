import type { Store } from "./consent-page";
import { escapeHtml, html } from "./simulator";

/** Where sellers see which of their stores an application has access to, and take it away without the application's doing. */
export const SELLER_PATH = "/dashboard/apps";

export function sellerPage(stores: readonly Store[], hasAccess: (storeId: string) => boolean): Response {
  const rows = stores.map(({ id, name }) => {
    const remove = `<form method="post"><button name="store" value="${escapeHtml(id)}">Remove access</button></form>`;
    return `<h2><bdi>${escapeHtml(name)}</bdi></h2>${hasAccess(id) ? `<p>Latchkey has access.</p>${remove}` : "<p>Latchkey has no access.</p>"}`;
  });
  return html(
    200,
    `<title>Simulated Square: my apps</title><main><h1>Simulated Square: my apps</h1>
<p>This is a simulator. No real platform is involved.</p>${rows.join("")}</main>`,
  );
}
