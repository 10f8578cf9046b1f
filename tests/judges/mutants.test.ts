import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Oauth2Settings } from "@/lib/providers/oauth2";
import { plainBrowser } from "@/tests/support/plain-browser";
import { certifiedServer } from "./certified-server";
import { mixUp } from "./mix-up";
import { type Mutant, withoutClientAuthentication, withoutIssuerCheck, withoutPkce, withoutVerifier } from "./mutants";
import { simulatorServer } from "./simulator-server";
import { subject } from "./subject";
import { wholeLife } from "./whole-life";

type Judge = { settings: Oauth2Settings; approve: (url: string) => Promise<Response>; close: () => Promise<void> };

const judges: Record<string, (authMethod: Oauth2Settings["authMethod"]) => Promise<Judge>> = {
  "oidc-provider": async (authMethod) => ({ ...(await certifiedServer(authMethod)), approve: (url) => plainBrowser()(url) }),
  "our simulator": simulatorServer,
};

// A judge is worth something only if it refuses: each rule is taken from the provider, and the very judgement that passes has to fail.
describe.each(Object.entries(judges))("%s", (name, start) => {
  describe.each(["basic", "post", "none"] as const)("client authentication %s", (authMethod) => {
    let judge: Judge;
    const judgement = (mutant: Mutant) => wholeLife(mutant(subject(judge.settings)), judge.approve);

    beforeAll(async () => {
      judge = await start(authMethod);
    });
    afterAll(() => judge.close());

    it("passes the provider as it is", async () => {
      await judgement((judged) => judged);
    });

    it("refuses it without the PKCE verifier", async () => {
      await expect(judgement(withoutVerifier)).rejects.toMatchObject({ trouble: "declined", code: "code_refused" });
    });

    // Our simulator demands PKCE of public clients only, as RFC 7636 leaves it open.
    if (name === "oidc-provider" || authMethod === "none") {
      it("refuses it without PKCE", async () => {
        await expect(judgement(withoutPkce)).rejects.toThrow("No code came back: our_fault");
      });
    }

    // A public client has none that could be taken from it.
    if (authMethod !== "none") {
      it("refuses it without client authentication", async () => {
        await expect(judgement(withoutClientAuthentication)).rejects.toMatchObject({ trouble: "operator", code: "invalid_client" });
      });
    }
  });
});

describe("S-10 the mix-up attack", () => {
  const follow = (url: string) => plainBrowser()(url);
  let honest: Awaited<ReturnType<typeof certifiedServer>>;

  beforeAll(async () => {
    honest = await certifiedServer("basic");
  });
  afterAll(() => honest.close());

  it("fails at the provider as it is", async () => {
    await mixUp(honest.settings, subject, follow);
  });

  it("succeeds where `iss` is not compared, and the judge says so", async () => {
    const unchecked = mixUp(honest.settings, (settings) => withoutIssuerCheck(subject(settings)), follow);
    await expect(unchecked).rejects.toThrow("The honest platform's code went to the attacker.");
  });
});
