import type { UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { mayCall, outside } from "@/lib/http";
import type { Io } from "@/lib/providers/contract";
import { ProviderError } from "@/lib/providers/provider-error";
import { readJson } from "@/lib/providers/wire/read-json";

export const checkedEndpoints = ["authorizeUrl", "tokenUrl", "revokeUrl", "introspectUrl", "userinfoUrl", "testUrl"] as const;
type Endpoint = (typeof checkedEndpoints)[number];

/** A class of answer and no more: what stands behind an address is nobody's to be asked through us (S-98). */
export type Finding = "good" | "not_allowed" | "unreachable" | "missing" | "failing" | "odd" | "open" | "other_issuer";
export type Checked = { endpoint: Endpoint; finding: Finding };

/** Asks each address, through the guarded door, something that does no harm and looks whether the answer is of its kind. */
export async function checkEndpoints(
  actor: UserActor,
  addresses: Partial<Record<Endpoint, string>>,
  fetch: Io["fetch"] = outside(),
): Promise<Checked[]> {
  authorize(actor, "providers.manage");
  const given = checkedEndpoints.filter((endpoint) => addresses[endpoint]);
  return Promise.all(given.map(async (endpoint) => ({ endpoint, finding: await look(endpoint, addresses[endpoint] ?? "", fetch) })));
}

async function look(endpoint: Endpoint, url: string, fetch: Io["fetch"]): Promise<Finding> {
  if (!mayCall(url)) return "not_allowed";
  let response: Response;
  try {
    response = await fetch(url, question(endpoint));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error.trouble === "operator" ? "not_allowed" : "unreachable";
  }
  if (response.status >= 500) return "failing";
  if ([404, 405, 410].includes(response.status)) return "missing";
  return judge[endpoint](response);
}

/** Nothing of ours is in it: no client, no secret, and nothing that was ever issued. */
function question(endpoint: Endpoint): RequestInit {
  const headers = { accept: "application/json" };
  if (endpoint === "authorizeUrl") return {};
  if (endpoint === "userinfoUrl" || endpoint === "testUrl") return { headers };
  const body = new URLSearchParams(endpoint === "tokenUrl" ? { grant_type: "authorization_code" } : { token: "latchkey-endpoint-check" });
  return { method: "POST", headers, body };
}

type Judge = (response: Response) => Finding | Promise<Finding>;
const isRefusal = ({ status }: Response) => status === 400 || status === 401 || status === 403;
/** It must not answer just anybody. */
const guarded: Judge = (response) => (response.ok ? "open" : isRefusal(response) ? "good" : "odd");

const judge: Record<Endpoint, Judge> = {
  // A page, a way to one, or a refusal of so empty a question.
  authorizeUrl: (response) => (response.ok || isRefusal(response) || [302, 303, 307].includes(response.status) ? "good" : "odd"),
  tokenUrl: async (response) => {
    if (!isRefusal(response)) return "odd";
    const named = typeof (await readJson(response))?.error === "string";
    return named || response.headers.has("www-authenticate") ? "good" : "odd";
  },
  // RFC 7009 section 2.2: a token that nobody knows has ended.
  revokeUrl: (response) => (response.ok || isRefusal(response) ? "good" : "odd"),
  introspectUrl: guarded,
  userinfoUrl: guarded,
  testUrl: guarded,
};
