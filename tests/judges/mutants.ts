import type { Io, RedirectProvider } from "@/lib/providers/contract";
import type { Subject } from "./subject";

/** The provider under judgement with one thing taken from it, as if its author had left it out. */
export type Mutant = (judged: Subject) => Subject;

type Init = NonNullable<Parameters<Io["fetch"]>[1]>;

/** PKCE: the verifier stays at home. */
export const withoutVerifier: Mutant = (judged) => onTheWire(judged, (form) => form.delete("code_verifier"));

/** PKCE altogether: neither challenge nor verifier. */
export const withoutPkce: Mutant = (judged) => {
  const { provider, io } = withoutVerifier(judged);
  const authorizationUrl: RedirectProvider["authorizationUrl"] = async (...asked) => {
    const url = new URL(await provider.authorizationUrl(...asked));
    for (const name of ["code_challenge", "code_challenge_method"]) url.searchParams.delete(name);
    return url.href;
  };
  return { io, provider: { ...provider, authorizationUrl } };
};

/** `iss` is there and nobody compares it: whatever stands in it passes for the platform's own. */
export const withoutIssuerCheck: Mutant = ({ provider, io }) => {
  const unread = (query: URLSearchParams) => new URLSearchParams([...query].filter(([name]) => name !== "iss"));
  return {
    io,
    provider: {
      ...provider,
      readAnswer: (query) => provider.readAnswer(unread(query)),
      exchange: (answer, way) => provider.exchange({ ...answer, query: unread(answer.query) }, way),
    },
  };
};

/** The client names itself and proves nothing. */
export const withoutClientAuthentication: Mutant = (judged) =>
  onTheWire(judged, (form, headers) => {
    const basic = headers.get("authorization")?.replace(/^Basic /, "");
    if (basic) form.set("client_id", decodeURIComponent(Buffer.from(basic, "base64").toString().split(":")[0] ?? ""));
    headers.delete("authorization");
    form.delete("client_secret");
  });

/** Changes every form that leaves, and nothing else. */
function onTheWire({ provider, io }: Subject, change: (form: URLSearchParams, headers: Headers) => void): Subject {
  const fetch: Io["fetch"] = (url, init: Init = {}) => {
    if (!(init.body instanceof URLSearchParams)) return io.fetch(url, init);
    const [form, headers] = [new URLSearchParams(init.body), new Headers(init.headers)];
    change(form, headers);
    return io.fetch(url, { ...init, headers, body: form });
  };
  return { provider, io: { ...io, fetch } };
}
