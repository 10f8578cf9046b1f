/**
 * The body as a JSON object, judged by its content and not by its label; null where it is none
 * (HTML, empty, array, broken). `fetch` has already bounded its size.
 */
export async function readJson(response: Response): Promise<Record<string, unknown> | null> {
  const text = (await response.text()).replace(/^\uFEFF/, "").trim();
  if (!text.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text, (key, inner) => (key === "__proto__" ? undefined : inner));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
