import { Ajv2020 } from "ajv/dist/2020.js";
import { api } from "@/lib/api/app";
import { LatchkeyProblem, latchkey } from "@/lib/api/client/latchkey";
import type { ApiOperation } from "@/lib/api/client-source";
import { BASE_URL } from "@/tests/support/platforms";
import { aCaller, type Caller } from "./callers";
import { documentNow } from "./client-now";

const document = documentNow();
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, "api");

/** The generated client with a key of its own. Whatever it is answered must be as the API's description says. */
export async function aClient(asked: Record<string, unknown> = {}): Promise<Caller & { client: ReturnType<typeof latchkey> }> {
  const caller = await aCaller(asked);
  const fetch = async (url: string, init: RequestInit) => {
    const request = new Request(url, init);
    const answer = await api.fetch(request);
    await agree(request, answer.clone());
    return answer;
  };
  return { ...caller, client: latchkey({ url: BASE_URL, key: caller.token, fetch }) };
}

async function agree(request: Request, answer: Response): Promise<void> {
  const { pathname } = new URL(request.url);
  const method = request.method.toLowerCase();
  const found = Object.entries(document.paths).find(
    ([path, operations]) => operations[method] && new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`).test(pathname),
  );
  if (!found) throw new Error(`${request.method} ${pathname} is not described`);
  const [path, operations] = found;
  const described = (operations[method] as ApiOperation).responses[answer.status]?.content;
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  if (!described?.[type]) throw new Error(`${request.method} ${path} answered ${answer.status} ${type}, which is not described`);
  const pointer = [path, method, "responses", String(answer.status), "content", type, "schema"].map((part) =>
    encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")),
  );
  const body = await answer.json();
  if (!ajv.validate({ $ref: `api#/paths/${pointer.join("/")}` }, body))
    throw new Error(`${request.method} ${path} answered ${answer.status} otherwise than described: ${ajv.errorsText()}`);
}

/** The problem that a call was refused with. */
export async function problemIn(
  call: Promise<unknown>,
): Promise<{ status: number; code: string; retryAfterS: number | null; problem: object }> {
  const [error] = await Promise.all([call.then(() => null).catch((thrown: unknown) => thrown)]);
  if (error instanceof LatchkeyProblem) return error;
  throw error ?? new Error("It was not refused");
}
