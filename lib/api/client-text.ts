/** How the file begins that backends copy: the calls in it are theirs, not ours. */
export const HEAD = `// Latchkey's API as one file without dependencies, for Node, Deno, Bun and browsers' own fetch. It is made from the API's description:
// fetch it anew from <Latchkey>/api/v1/client.ts instead of editing it.
//
//   const api = latchkey({ url: "https://latchkey.example", key: "lk_…" });
//   const { body } = await api.listConnections({ state: "needs_reconnect" });
`;

/** What stands between its shapes and its methods. */
export const CORE = `/** What the API refused, and what to do. Decide by \`code\`. */
export class LatchkeyProblem extends Error {
  override readonly name = "LatchkeyProblem";
  readonly status: number;
  readonly code: string;
  /** Seconds after which it makes sense to ask again; null: asking again changes nothing. */
  readonly retryAfterS: number | null;
  readonly problem: Problem;

  constructor(status: number, problem: Problem, retryAfter: string | null) {
    super(problem.title);
    this.status = status;
    this.code = problem.code;
    this.retryAfterS = retryAfter === null ? null : Number(retryAfter);
    this.problem = problem;
  }
}

export type LatchkeyOptions = {
  /** Where your Latchkey is, without a path. */
  url: string;
  /** \`lk_…\` */
  key: string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
};

export type Answer<Status extends number, Body> = { status: Status; body: Body; headers: Headers };

type Sent = { query?: object | undefined; body?: unknown };

/** Resolves to answers; everything from 400 on is thrown as a LatchkeyProblem. */
export function latchkey({ url, key, fetch = globalThis.fetch }: LatchkeyOptions) {
  async function call<A extends Answer<number, unknown>>(method: string, path: string, { query, body }: Sent, init: RequestInit = {}): Promise<A> {
    const asked = Object.entries(query ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
    const search = asked.length === 0 ? "" : \`?\${new URLSearchParams(asked)}\`;
    const headers = new Headers(init.headers);
    headers.set("authorization", \`Bearer \${key}\`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(\`\${url.replace(/\\/$/, "")}/api/v1\${path}\${search}\`, { ...init, method, headers, ...sent });
    const text = await answer.text();
    const json = (answer.headers.get("content-type") ?? "").includes("json");
    if (answer.ok && json) return { status: answer.status, body: JSON.parse(text), headers: answer.headers } as A;
    const problem = json
      ? (JSON.parse(text) as Problem)
      : ({ type: "about:blank", title: "What answered is not Latchkey.", status: answer.status, code: "not_latchkey" } satisfies Problem);
    throw new LatchkeyProblem(answer.status, problem, answer.headers.get("retry-after"));
  }

  /** A platform's answer as it comes, whatever its status. What Latchkey itself refuses is thrown as a LatchkeyProblem. */
  async function pass(method: string, id: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", \`Bearer \${key}\`);
    const place = \`\${url.replace(/\\/$/, "")}/api/v1/proxy/\${encodeURIComponent(id)}/\${path.replace(/^\\//, "")}\`;
    const answer = await fetch(place, { redirect: "manual", ...init, method, headers });
    const code = answer.headers.get("latchkey-problem");
    if (code === null) return answer;
    const text = await answer.text();
    const problem = text ? (JSON.parse(text) as Problem) : ({ type: "about:blank", title: code, status: answer.status, code } satisfies Problem);
    throw new LatchkeyProblem(answer.status, problem, answer.headers.get("retry-after"));
  }
`;
