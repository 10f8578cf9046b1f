import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CredentialsProvider, Grant, Io, Issued } from "@/lib/providers/contract";
import { norce } from "@/lib/providers/norce";
import { ProviderError } from "@/lib/providers/provider-error";
import { fillOrigin } from "@/lib/providers/wire/origin-template";
import { type Fault, withFaults } from "@/tests/simulators/faults";
import { testIo } from "@/tests/support/test-io";
import { world } from "./worlds/norce";

const REAL = {
  originTemplate: "https://{slug}.api-{region}{env}.norce.tech",
  stormTokenUrl: "https://identity.storm.io/1.0/connect/token",
};
const GOOD = {
  slug: "acme",
  region: "se",
  client_id: "9c1c",
  client_secret: "CNRY-s",
  environment: "stage",
  application_id: "1042",
};

function set(faults: Fault[] = []) {
  const all = world();
  const requests: Request[] = [];
  const handle = withFaults(all.simulator, faults);
  const io = testIo(
    (request) => {
      requests.push(request.clone());
      return handle(request);
    },
    () => all.now.value,
  );
  return { ...all, provider: all.provider as CredentialsProvider, io, requests, faults };
}

function grant(issued: Issued): Grant {
  return { access: issued.access, renewal: issued.renewal, scopes: issued.scopes ?? [], expiresAt: issued.expiresAt, accountId: null };
}

async function trouble(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

async function connect(provider: CredentialsProvider, io: Io, values: Record<string, string>): Promise<Grant> {
  return grant(await provider.refresh(grant(await provider.exchange(values, io)), io));
}

describe("the form", () => {
  const cases: [string, Record<string, string>, Record<string, string>][] = [
    [
      "nothing at all",
      {},
      { slug: "required", client_id: "required", client_secret: "required", environment: "required", application_id: "required" },
    ],
    ["S-94 a path in the name", { ...GOOD, slug: "evil.com/" }, { slug: "bad_slug" }],
    ["S-94 a user name", { ...GOOD, slug: "a@evil" }, { slug: "bad_slug" }],
    ["S-94 a fragment", { ...GOOD, slug: "a#" }, { slug: "bad_slug" }],
    ["S-94 an escape", { ...GOOD, slug: "a%2e" }, { slug: "bad_slug" }],
    ["S-94 a newline inside", { ...GOOD, slug: "a\nb" }, { slug: "bad_slug" }],
    ["S-94 a placeholder", { ...GOOD, slug: "{region}" }, { slug: "bad_slug" }],
    ["S-94 another vendor's host", { ...GOOD, slug: "acme.api-se.norce.tech.evil.example" }, { slug: "bad_slug" }],
    ["S-94 a vendor's host behind a user name", { ...GOOD, slug: "https://acme.api-se.norce.tech@evil.example" }, { slug: "bad_slug" }],
    ["a label of 64", { ...GOOD, slug: "a".repeat(64) }, { slug: "bad_slug" }],
    ["S-94 a region with a dot", { ...GOOD, region: "se.evil" }, { region: "bad_region" }],
    ["an environment that does not exist", { ...GOOD, environment: "lab" }, { environment: "required" }],
    ["a host of another environment", { ...GOOD, slug: "acme.api-se.playground.norce.tech" }, { environment: "host_differs" }],
    ["an application that is no number", { ...GOOD, application_id: "12a" }, { application_id: "bad_application_id" }],
    ["application zero", { ...GOOD, application_id: "0" }, { application_id: "bad_application_id" }],
    ["a control character in the secret", { ...GOOD, client_secret: "a\u0000b" }, { client_secret: "bad_characters" }],
    ["a scope with a quote", { ...GOOD, scope: 'st"age' }, { scope: "bad_scope" }],
    ["Storm without its origin", { ...GOOD, mode: "storm" }, { api_origin: "required" }],
    ["Storm over http", { ...GOOD, mode: "storm", api_origin: "http://api.example.com" }, { api_origin: "bad_api_origin" }],
    ["Storm at an address", { ...GOOD, mode: "storm", api_origin: "https://169.254.169.254" }, { api_origin: "bad_api_origin" }],
    ["Storm at an IPv6 address", { ...GOOD, mode: "storm", api_origin: "https://[::1]" }, { api_origin: "bad_api_origin" }],
    ["Storm at a short number", { ...GOOD, mode: "storm", api_origin: "https://2130706433" }, { api_origin: "bad_api_origin" }],
    [
      "Storm at an inner name",
      { ...GOOD, mode: "storm", api_origin: "https://metadata.google.internal" },
      { api_origin: "bad_api_origin" },
    ],
    ["Storm with a path", { ...GOOD, mode: "storm", api_origin: "https://api.example.com/x" }, { api_origin: "bad_api_origin" }],
  ];
  it.each(cases)("refuses %s without a call", async (_name, values, fields) => {
    const error = await trouble(
      norce(REAL).exchange(
        values,
        testIo(() => Promise.reject(new Error("a call was made"))),
      ),
    );
    expect([error.trouble, error.code, error.detail.fields]).toEqual(["declined", "bad_input", fields]);
    expect(error.message).not.toContain("CNRY");
  });

  const places: [string, Record<string, string>, string][] = [
    ["a bare name", { slug: " Acme " }, "https://acme.api-se.stage.norce.tech"],
    ["production without a label", { environment: "production" }, "https://acme.api-se.norce.tech"],
    ["a pasted host", { slug: "acme.api-no.stage.norce.tech" }, "https://acme.api-no.stage.norce.tech"],
    ["a pasted production host", { slug: "acme.api-se.norce.tech", environment: "" }, "https://acme.api-se.norce.tech"],
    [
      "a pasted token URL",
      { slug: "https://acme.api-se.stage.norce.tech/identity/1.0/connect/token" },
      "https://acme.api-se.stage.norce.tech",
    ],
    ["a pasted admin host", { slug: "acme.admin-se.playground.norce.tech", environment: "" }, "https://acme.api-se.playground.norce.tech"],
  ];
  it.each(places)("S-94 takes %s to its place", async (_name, values, origin) => {
    const asked: string[] = [];
    const io = testIo((request) => {
      asked.push(request.url);
      return Promise.resolve(Response.json({ access_token: "CNRY-a", token_type: "Bearer", expires_in: 600 }));
    });
    const held = await connect(norce(REAL), io, { ...GOOD, ...values });
    expect(asked).toEqual([`${origin}/identity/1.0/connect/token`]);
    expect(norce(REAL).headers(held)).toEqual({ Authorization: "Bearer CNRY-a", ApplicationId: "1042" });
  });

  it.each(["evil.com/", "a@evil", "a#", "a%2e", "a\n", "", "-a", "A"])("S-94 no address is made of %j", (slug) => {
    expect(fillOrigin(REAL.originTemplate, { slug, region: "se", environment: "stage" })).toBeNull();
    expect(fillOrigin(REAL.originTemplate, { slug: "acme", region: `se.x/${slug}`, environment: "stage" })).toBeNull();
  });

  it("S-94 no text whatsoever leads out of the vendor's domain", async () => {
    const hostile = fc.oneof(fc.string(), fc.webUrl(), fc.domain(), fc.stringMatching(/^[a-z@#%/.:\\?-]{1,30}$/));
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (slug, region) => {
        let host = "x.norce.tech";
        const io = testIo((request) => {
          host = new URL(request.url).hostname;
          return Promise.resolve(Response.json({ access_token: "a", token_type: "Bearer" }));
        });
        await connect(norce(REAL), io, { ...GOOD, slug, region }).catch((error: unknown) => expect(error).toBeInstanceOf(ProviderError));
        expect(host.endsWith(".norce.tech")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the token", () => {
  it("is asked for with the credentials in a form, trimmed, and only there", async () => {
    const { provider, io, requests, credentials } = set();
    const secret = credentials.client_secret ?? "";
    await connect(provider, io, { ...credentials, client_secret: ` ${secret}\t` });
    const [request] = requests;
    expect(request?.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
    expect(request?.headers.has("authorization")).toBe(false);
    expect(request?.url).not.toContain(secret);
    expect(Object.fromEntries(new URLSearchParams(await request?.text()))).toEqual({
      grant_type: "client_credentials",
      client_id: credentials.client_id,
      client_secret: secret,
      scope: "stage",
    });
  });

  it.each([600, 3600])("S-28 lives as long as the answer says: %i s", async (lifeS) => {
    const { provider, io, simulator, credentials, now } = set();
    simulator.switches.lifeS = lifeS;
    const held = await connect(provider, io, credentials);
    expect(held.expiresAt).toEqual(new Date(now.value.getTime() + lifeS * 1000));
  });

  it.each(["omit", "0", "-1", '""', '"abc"', "null", "1e18", "[600]", "{}"])("X-08 R-13 expires_in %s is taken as 600 s", async (raw) => {
    const { provider, io, simulator, credentials, now } = set();
    simulator.switches.expiresIn = raw;
    const held = await connect(provider, io, credentials);
    expect(held.expiresAt).toEqual(new Date(now.value.getTime() + 600_000));
  });

  it("S-89 is shared by applications of one user and not handed out with fewer than 60 s left", async () => {
    const { provider, io, simulator, credentials, now } = set();
    const first = await connect(provider, io, credentials);
    const second = await connect(provider, io, { ...credentials, application_id: "1043" });
    expect(second.access).toBe(first.access);
    now.value = new Date(now.value.getTime() + 539_000);
    expect(grant(await provider.refresh(first, io)).access).toBe(first.access);
    now.value = new Date(now.value.getTime() + 2_000);
    expect(grant(await provider.refresh(first, io)).access).not.toBe(first.access);
    expect(simulator.ledger.count("token")).toBe(2);
  });

  it("a wrong secret is refused while access of the right one is cached", async () => {
    const { provider, io, simulator, credentials } = set();
    await connect(provider, io, credentials);
    const error = await trouble(connect(provider, io, { ...credentials, client_secret: "wrong" }));
    expect([error.trouble, error.code, error.detail.fields]).toEqual(["reconnect", "wrong_secret", { client_secret: "wrong_secret" }]);
    expect(simulator.ledger.count("token", 400)).toBe(1);
  });

  it("keeps its renewal, so that a rotated secret is the owner's to renew", async () => {
    const { provider, io, simulator, credentials, now } = set();
    const held = await connect(provider, io, credentials);
    simulator.rotateUserSecret(credentials.client_id ?? "");
    now.value = new Date(now.value.getTime() + 600_000);
    expect((await trouble(provider.refresh(held, io))).trouble).toBe("reconnect");
  });

  it("S-89 the platform's limit is passed on with at least 20 s to wait", async () => {
    const { provider, io, simulator, credentials } = set();
    for (let call = 0; call < 21; call += 1) {
      await trouble(connect(provider, io, { ...credentials, client_secret: `wrong ${call}` }));
    }
    const error = await trouble(connect(provider, io, credentials));
    expect([error.trouble, error.code, error.detail.retryAfterS]).toEqual(["transient", "rate_limited", 20]);
    expect(simulator.ledger.count("token", 429)).toBe(1);
  });

  const secrets = { "content-type": "application/json" };
  const answers: [string, Fault, string, string][] = [
    ["X-02 429 with seconds", { kind: "status", status: 429, headers: { "retry-after": "90" } }, "transient", "rate_limited"],
    ["500", { kind: "status", status: 500 }, "transient", "http_500"],
    ["503 HTML", { kind: "status", status: 503, body: "<html>" }, "transient", "http_503"],
    ["X-06 HTML with 200", { kind: "html" }, "transient", "bad_answer"],
    ["X-06 nothing with 200", { kind: "body", body: "" }, "transient", "bad_answer"],
    ["X-07 an array", { kind: "body", body: "[]" }, "transient", "bad_answer"],
    ["X-07 half a JSON", { kind: "body", body: '{"access_token":"CNRY-x"' }, "transient", "bad_answer"],
    ["S-26 no token", { kind: "body", body: '{"token_type":"Bearer"}' }, "transient", "bad_answer"],
    ["S-26 another token type", { kind: "body", body: '{"access_token":"CNRY-x","token_type":"mac"}' }, "transient", "bad_answer"],
    [
      "a token with a line end",
      { kind: "body", body: '{"access_token":"CNRY-x\\r\\nA: b","token_type":"Bearer"}' },
      "transient",
      "bad_answer",
    ],
    [
      "S-24 a token over 16 KB",
      { kind: "body", body: `{"access_token":"${"a".repeat(16_385)}","token_type":"Bearer"}` },
      "transient",
      "bad_answer",
    ],
    [
      "X-10 an error beside a token",
      { kind: "body", body: '{"access_token":"CNRY-x","token_type":"Bearer","error":"x"}' },
      "transient",
      "refused_unclearly",
    ],
    ["a token with 400", { kind: "body", status: 400, body: '{"access_token":"CNRY-x","token_type":"Bearer"}' }, "transient", "bad_answer"],
    [
      "invalid_client with 401",
      { kind: "body", status: 401, body: '{"error":"invalid_client"}', headers: secrets },
      "reconnect",
      "wrong_secret",
    ],
    ["401 without a word", { kind: "status", status: 401 }, "transient", "bad_answer"],
    ["403 HTML", { kind: "status", status: 403, body: "<html>" }, "transient", "bad_answer"],
    ["404 HTML", { kind: "status", status: 404, body: "<html>" }, "transient", "unknown_host"],
    ["S-92 a redirect", { kind: "status", status: 307, headers: { location: "https://evil.example" } }, "transient", "bad_answer"],
    ["unauthorized_client", { kind: "body", status: 400, body: '{"error":"unauthorized_client"}' }, "reconnect", "client_not_allowed"],
    ["unsupported_grant_type", { kind: "body", status: 400, body: '{"error":"unsupported_grant_type"}' }, "transient", "refused_unclearly"],
    ["X-01 no connection", { kind: "unreachable" }, "transient", "unreachable"],
    ["X-05 a lost answer", { kind: "reset-after-issuing" }, "transient", "no_whole_answer"],
  ];
  it.each(answers)("%s", async (_name, fault, expected, code) => {
    const { provider, io, credentials, simulator, faults } = set([fault]);
    const error = await trouble(connect(provider, io, credentials));
    expect([error.trouble, error.code]).toEqual([expected, code]);
    expect(io.sessions.size).toBe(0);
    expect(JSON.stringify([error.message, error.detail])).not.toContain("CNRY");
    faults.length = 0;
    expect((await connect(provider, io, credentials)).access).not.toBeNull();
    expect(simulator.ledger.count("token", 200)).toBeGreaterThan(0);
  });
});

describe("scopes", () => {
  const names: [string, string, string, string[]][] = [
    ["seed", "stage", "", ["stage"]],
    ["lab", "stage", "", ["lab"]],
    ["seed", "stage", "lab", ["stage"]],
    ["lab", "playground", "", ["lab"]],
    ["current", "production", "", ["prod"]],
    ["seed", "production", "prod", ["production"]],
    ["seed", "stage", "stage playground", ["stage", "playground"]],
    ["lab", "stage", "stage playground", ["lab"]],
  ];
  it.each(names)(
    "a platform that speaks '%s', environment %s, asked for '%s': accepted %j, kept for the next time",
    async (spoken, environment, scope, accepted) => {
      const { provider, io, simulator, credentials, now } = set();
      simulator.switches.scopeNames = spoken;
      const user = simulator.users.find((one) => one.environments.some((own) => own === environment));
      const values = { ...credentials, environment, scope, client_id: user?.clientId ?? "", client_secret: user?.clientSecret ?? "" };
      const held = await connect(provider, io, values);
      expect(held.scopes).toEqual(accepted);
      expect((await provider.inspect(held, io)).environment).toBe(environment);
      simulator.ledger.clear();
      now.value = new Date(now.value.getTime() + 600_000);
      expect((await provider.refresh(held, io)).scopes).toEqual(accepted);
      expect(simulator.ledger.count("token")).toBe(1);
    },
  );

  it("both names refused: the environment is wrong, after two calls and no more", async () => {
    const { provider, io, simulator, credentials } = set();
    const error = await trouble(connect(provider, io, { ...credentials, environment: "production" }));
    expect([error.trouble, error.code, error.detail.fields]).toEqual([
      "reconnect",
      "wrong_environment",
      { environment: "wrong_environment" },
    ]);
    expect(simulator.ledger.count("token")).toBe(2);
  });

  it("a scope of the merchant's own has no second name", async () => {
    const { provider, io, simulator, credentials } = set();
    expect((await trouble(connect(provider, io, { ...credentials, scope: "qa" }))).code).toBe("wrong_environment");
    expect(simulator.ledger.count("token")).toBe(1);
  });

  it("the order of scopes does not make a second token", async () => {
    const { provider, io, simulator, credentials } = set();
    await connect(provider, io, { ...credentials, scope: "stage playground" });
    await connect(provider, io, { ...credentials, scope: "playground  stage" });
    expect(simulator.ledger.count("token")).toBe(1);
  });
});

describe("the proof", () => {
  it("names the application, its place and its environment", async () => {
    const { provider, io, credentials } = set();
    const held = await connect(provider, io, credentials);
    expect(await provider.inspect(held, io)).toEqual({
      id: "127.0.0.1:4102/acme/se/stage/1042",
      label: "Acme Nordic – Acme web shop",
      environment: "stage",
    });
    const real = testIo(() => Promise.resolve(Response.json({ Id: 1042, Name: "Sh\u0000op\u202E", Client: null })));
    const place = { ...held, renewal: (await norce(REAL).exchange(GOOD, real)).renewal };
    expect(await norce(REAL).inspect(place, real)).toEqual({
      id: "acme.api-se.stage.norce.tech/1042",
      label: "Sh op",
      environment: "stage",
    });
  });

  it("a refused token is replaced once, through the shared session, and said to be stale", async () => {
    const { provider, io, simulator, credentials } = set([{ match: "GetApplication", calls: 1, kind: "status", status: 401 }]);
    const held = await connect(provider, io, credentials);
    expect(await provider.inspect(held, io)).toMatchObject({ label: "Acme Nordic – Acme web shop", stale: true });
    expect((await provider.refresh(held, io)).access).not.toBe(held.access);
    expect(simulator.ledger.count("token")).toBe(2);
  });

  it("two refusals: the application is not this user's, and the budget is spared", async () => {
    const { provider, io, simulator, credentials } = set();
    simulator.switches.ungranted = 401;
    const held = await connect(provider, io, { ...credentials, application_id: "9" });
    const error = await trouble(provider.inspect(held, io));
    expect([error.trouble, error.code, error.detail.fields]).toEqual([
      "reconnect",
      "application_refused",
      { application_id: "application_refused" },
    ]);
    expect(simulator.ledger.count("token")).toBe(2);
  });

  it.each<[number | string, string]>([
    [403, "application_refused"],
    [400, "application_refused"],
    ["empty", "wrong_application"],
  ])("an application that is not granted, answered with %s", async (ungranted, code) => {
    const { provider, io, simulator, credentials } = set();
    simulator.switches.ungranted = ungranted;
    const error = await trouble(provider.inspect(await connect(provider, io, { ...credentials, application_id: "9" }), io));
    expect([error.trouble, error.code, error.detail.fields]).toEqual(["reconnect", code, { application_id: code }]);
  });

  it("X-22 an answer about another application proves nothing", async () => {
    const { provider, io, simulator, credentials } = set();
    simulator.switches.otherApplication = 1043;
    expect((await trouble(provider.inspect(await connect(provider, io, credentials), io))).code).toBe("wrong_application");
  });

  it("F15: an answer that says nothing of an application is no refusal: somebody else answered in Norce's place", async () => {
    const { provider, io, credentials, faults } = set();
    const held = await connect(provider, io, credentials);
    faults.push({ kind: "body", body: "{}" });
    const error = await trouble(provider.inspect(held, io));
    expect([error.trouble, error.code]).toEqual(["transient", "bad_answer"]);
  });

  it("a deleted user is noticed", async () => {
    const { provider, io, simulator, credentials } = set();
    const held = await connect(provider, io, credentials);
    simulator.revokeAtPlatform((await provider.inspect(held, io)).id ?? "");
    expect(await trouble(provider.inspect(held, io))).toMatchObject({ trouble: "reconnect", code: "wrong_secret" });
  });

  const answers: [string, Fault, string][] = [
    ["429", { match: "GetApplication", kind: "status", status: 429, headers: { "retry-after": "2" } }, "rate_limited"],
    ["502", { match: "GetApplication", kind: "status", status: 502 }, "http_502"],
    ["S-97 a Wi-Fi page", { match: "GetApplication", kind: "html" }, "bad_answer"],
    ["a firewall's 403", { match: "GetApplication", kind: "status", status: 403, body: "<html>blocked" }, "bad_answer"],
    ["404", { match: "GetApplication", kind: "status", status: 404 }, "bad_answer"],
    [
      "S-32 deep and hostile JSON",
      { match: "GetApplication", kind: "body", body: `{"__proto__":{"x":1},"Id":${"[".repeat(10_000)}` },
      "bad_answer",
    ],
  ];
  it.each(answers)("%s tells nothing about the merchant", async (_name, fault, code) => {
    const { provider, io, credentials } = set([fault]);
    const error = await trouble(provider.inspect(await connect(provider, io, credentials), io));
    expect([error.trouble, error.code]).toEqual(["transient", code]);
    if (code === "rate_limited") expect(error.detail.retryAfterS).toBe(20);
    expect("x" in {}).toBe(false);
  });
});

describe("Storm", () => {
  it("asks the fixed token URL for 'lab' and the given origin for the application", async () => {
    const { provider, io, simulator, credentials, requests } = set();
    const values = { ...credentials, mode: "storm", slug: "", api_origin: "http://127.0.0.1:4102/" };
    const held = await connect(provider, io, values);
    expect(held.scopes).toEqual(["lab"]);
    expect(await provider.inspect(held, io)).toMatchObject({ id: "127.0.0.1:4102/1042", environment: "stage" });
    expect(requests.map((request) => request.url)).toEqual([
      simulator.settings.stormTokenUrl,
      "http://127.0.0.1:4102/commerce/metadata/1.1/GetApplication?format=json",
    ]);
  });

  it("never lets a token for 'lab' stand for production", async () => {
    const values = { ...GOOD, mode: "storm", environment: "production", api_origin: "https://api.storm.example" };
    expect(
      (
        await norce(REAL).exchange(
          values,
          testIo(() => Promise.reject(new Error("a call was made"))),
        )
      ).scopes,
    ).toEqual(["production"]);
  });
});

it("revoking tells nobody, and unreadable credentials are never quoted", async () => {
  const { provider, io, requests, credentials } = set();
  const held = await connect(provider, io, credentials);
  requests.length = 0;
  expect(await provider.revoke(held, io, "authorization")).toBe("local");
  expect(requests).toEqual([]);
  const error = await trouble(provider.refresh({ ...held, renewal: "CNRY-not json" }, io));
  expect([error.trouble, error.message]).toEqual(["reconnect", "reconnect: no_credentials"]);
});

it("only token calls count against the budget", () => {
  const counts = norce(REAL).pace?.counts;
  expect(counts?.("https://acme.api-se.norce.tech/identity/1.0/connect/token")).toBe(true);
  expect(counts?.(REAL.stormTokenUrl)).toBe(true);
  expect(counts?.("https://acme.api-se.norce.tech/commerce/metadata/1.1/GetApplication?format=json")).toBe(false);
});
