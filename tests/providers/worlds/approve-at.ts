import type { Simulator } from "@/tests/simulators/simulator";

/** Plays the browser at a simulator's consent page: opens it, picks `store` (the preselected one by default), decides; resolves to the callback's query. */
export async function approveAt(
  simulator: Simulator,
  url: string,
  store?: string,
  decision: "approve" | "deny" = "approve",
): Promise<URLSearchParams> {
  const page = await simulator.handle(new Request(url, { redirect: "manual" }));
  let answer = page;
  if (page.status === 200) {
    const preselected = /name="store" value="([^"]*)" checked/.exec(await page.text())?.[1];
    const body = new URLSearchParams({ store: store ?? preselected ?? "", decision });
    answer = await simulator.handle(new Request(url, { method: "POST", body, redirect: "manual" }));
  }
  const location = answer.headers.get("location");
  if (!location) throw new Error(`No way back from the consent page: ${answer.status}`);
  return new URL(location).searchParams;
}
