import { makeFetch, makePass } from "@/lib/http";
import { ProviderError } from "@/lib/providers/provider-error";
import { resolveWith } from "@/tests/support/resolve-with";
import { literalUrls, nameUrls, redirects } from "./plan";

const [dnsPort, redirector] = process.argv.slice(2).map(Number);
const lookup = resolveWith(dnsPort ?? 0);
const short = { connectTimeoutMs: 150, wholeTimeoutMs: 400, lookup };
const outside = makeFetch({ ...short, allowLoopback: false });
const passed = makePass({ ...short, allowLoopback: false });
/** As an installation of a developer's: the redirector stands on loopback. */
const atHome = makeFetch({ ...short, allowLoopback: true });

const ends: Record<string, number> = {};
async function told(work: () => Promise<{ status: number }>): Promise<void> {
  let end: string;
  try {
    end = String((await work()).status);
  } catch (error) {
    end = error instanceof ProviderError ? error.code : `bug: ${(error as Error).message}`;
  }
  ends[end] = (ends[end] ?? 0) + 1;
}
const pass = (url: string) => passed(url, { method: "GET", headers: {}, body: null, signal: AbortSignal.timeout(400) });

for (const url of [...literalUrls, ...nameUrls]) {
  await told(() => outside(url, { method: "POST", body: "code=secret" }));
  await told(() => pass(url));
}
for (const status of [301, 302, 303, 307, 308])
  for (const to of redirects)
    await told(() =>
      atHome(`http://127.0.0.1:${redirector}/?${new URLSearchParams({ status: String(status), to })}`, {
        method: "POST",
        body: "code=secret",
      }),
    );

process.stdout.write(JSON.stringify(ends));
process.exit(0);
