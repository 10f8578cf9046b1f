import type { BrowserContext } from "@playwright/test";

/** What every secret of a simulated platform begins with. */
export const MARK = "CNRY-";

/** Errors, broken policies and secrets in anything that comes from the product. A page that answers 400, 403, 404 or 405 is no complaint. */
export function watch(context: BrowserContext, origin: string, complaints: string[]): void {
  context.on("console", (message) => {
    const { url } = message.location();
    if (!["error", "warning"].includes(message.type()) || !url.startsWith(origin)) return;
    if (/Failed to load resource: the server responded with a status of 40[0345]/.test(message.text())) return;
    complaints.push(`${message.type()} at ${new URL(url).pathname}: ${message.text()}`);
  });
  context.on("weberror", (error) => complaints.push(`exception: ${error.error().message}`));
  context.on("response", async (response) => {
    if (!response.url().startsWith(origin) || !/html|json|text\/x-component/.test(response.headers()["content-type"] ?? "")) return;
    const body = await response.text().catch(() => "");
    if (body.includes(MARK)) complaints.push(`a secret in the answer of ${new URL(response.url()).pathname}`);
  });
}
