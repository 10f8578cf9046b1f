/**
 * The body as a JSON object, judged by its content and not by its label; null where it is none
 * (HTML, empty, array, broken). `fetch` has already bounded its size.
 */
export async function readJson(response: Response): Promise<Record<string, unknown> | null> {
  const text = (await response.text()).replace(/^\uFEFF/, "").trim();
  if (!text.startsWith("{")) return null;
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    // Not by a reviver: it would walk all of it, and a token beside a member that is nested too deep would be lost.
    Reflect.deleteProperty(value, "__proto__");
    return value;
  } catch {
    return null;
  }
}
