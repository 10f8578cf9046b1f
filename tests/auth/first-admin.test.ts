import { beforeEach, describe, expect, test } from "vitest";
import { database } from "@/db/client";
import { membershipsOf } from "@/db/memberships";
import { takeSignInLink } from "@/db/sign-in-links";
import { becomeFirstAdmin, firstAdminLink, isFirstAdminToken } from "@/lib/auth/first-admin";
import { shellSignInLink } from "@/lib/auth/shell-sign-in-link";
import { hashSignInToken } from "@/lib/auth/sign-in-link";
import { setPersonDisabled } from "@/lib/people/set-person-disabled";
import { useDatabase } from "@/tests/support/database";
import { asActor, emptyPeople, eventKinds, makePerson, moveClock, resetClock } from "./people";
import { setEnv, useEnv } from "./set-env";

useEnv();
useDatabase();

beforeEach(async () => {
  await emptyPeople();
  await resetClock();
  setEnv({ LATCHKEY_SIGNUP: undefined });
});

const tokenOf = (text: string | null) => new URL(/https?:\S+/.exec(text ?? "")?.[0] ?? "").searchParams.get("token") ?? "";
const amal = { name: "Amal", email: "amal@company.example" };

describe("the first admin", () => {
  test("comes in by the link, once", async () => {
    const token = tokenOf(await firstAdminLink());
    expect(await isFirstAdminToken(token)).toBe(true);
    const id = await becomeFirstAdmin({ token, ...amal });
    expect((await membershipsOf(database(), id ?? "")).map(({ role }) => role)).toEqual(["admin"]);
    expect(await eventKinds()).toEqual(["person.joined"]);
    expect(await isFirstAdminToken(token)).toBe(false);
    expect(await becomeFirstAdmin({ token, name: "Eve", email: "eve@elsewhere.example" })).toBeNull();
    expect(await firstAdminLink()).toBeNull();
  });

  test("of two links opened at once, one wins", async () => {
    const tokens = [tokenOf(await firstAdminLink()), tokenOf(await firstAdminLink())];
    const ids = await Promise.all(
      tokens.map((token, index) => becomeFirstAdmin({ token, name: "Amal", email: `amal${index}@company.example` })),
    );
    expect(ids.filter(Boolean)).toHaveLength(1);
  });

  test("the link lives a day, and no other token will do", async () => {
    const token = tokenOf(await firstAdminLink());
    expect(await becomeFirstAdmin({ token: `${token}x`, ...amal })).toBeNull();
    await moveClock("25 hours");
    expect(await isFirstAdminToken(token)).toBe(false);
    expect(await becomeFirstAdmin({ token, ...amal })).toBeNull();
  });

  test("is not made once there is anybody", async () => {
    const token = tokenOf(await firstAdminLink());
    await makePerson("badr@company.example", "support");
    expect(await becomeFirstAdmin({ token, ...amal })).toBeNull();
  });
});

describe("a link from the shell", () => {
  test("opens for a known person", async () => {
    await makePerson("badr@company.example", "support");
    const { ok, says } = await shellSignInLink("Badr@company.example");
    expect(ok).toBe(true);
    expect(await takeSignInLink(database(), { identifier: "badr@company.example", tokenHash: hashSignInToken(tokenOf(says)) })).toBe(true);
  });

  test("makes an unknown person the first admin while there is nobody, even where signing up is open", async () => {
    setEnv({ LATCHKEY_SIGNUP: "open" });
    const { ok, says } = await shellSignInLink("amal@company.example");
    expect([ok, says.includes("/sign-in/first?")]).toEqual([true, true]);
    expect(await becomeFirstAdmin({ token: tokenOf(says), ...amal })).toMatch(/^usr_/);
  });

  test("is refused with a sentence for strangers, for the disabled and for what is no address", async () => {
    await makePerson("amal@company.example");
    const { id } = await makePerson("badr@company.example");
    await setPersonDisabled(asActor("usr_x"), { userId: id, disabled: true });
    for (const [asked, says] of [
      ["stranger@elsewhere.example", /not known here/],
      ["badr@company.example", /is disabled/],
      ["badr", /npm run sign-in-link/],
      [undefined, /npm run sign-in-link/],
    ] as const) {
      const answer = await shellSignInLink(asked);
      expect(answer.ok).toBe(false);
      expect(answer.says).toMatch(says);
    }
  });
});
