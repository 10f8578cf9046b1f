import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Grant } from "@/lib/providers/contract";
import { grantOf, rpc, steps } from "./worlds/noon-steps";

let t: ReturnType<typeof steps>;
beforeEach(() => {
  t = steps();
});

describe("disconnecting", () => {
  const keys = (project: string) =>
    Object.values(t.at.simulator.state.accounts)
      .filter((account) => account.seller === project)
      .flatMap((account) => Object.values(account.keys));

  test("removes this key and no other", async () => {
    const mine = await t.connected("PRJ410001");
    const sibling = await t.connected("PRJ410001");
    expect(await t.provider.revoke(mine, t.io, "authorization")).toBe("remote");
    expect(t.lastBody("credential/remove")).toEqual({
      channel_identifier: JSON.parse(mine.renewal ?? "").channelIdentifier,
      key_id: JSON.parse(mine.renewal ?? "").keyId,
    });
    expect(keys("PRJ410001").map((key) => key.active)).toEqual([false, true]);
    await t.provider.inspect(sibling, t.io);
  });

  test("a repeated removal, and one at the platform before ours, are done (V-03, V-04)", async () => {
    const grant = await t.connected();
    t.faults.push({ kind: "reset-after-issuing", match: "credential/remove", calls: 1 });
    expect(await t.trouble(t.provider.revoke(grant, t.io, "authorization"))).toBe("doubt no_whole_answer");
    expect(await t.provider.revoke(grant, t.io, "authorization")).toBe("remote");
  });

  test("a refused removal, and a connection that never had a key, leave the rest to a person (V-07)", async () => {
    expect(await t.provider.revoke(await t.created(), t.io, "authorization")).toBe("local");
    const grant = await t.connected();
    t.at.simulator.switches.removeRefused = true;
    expect(await t.provider.revoke(grant, t.io, "authorization")).toBe("local");
    expect(keys("PRJ410001").some((key) => key.active)).toBe(true);
  });

  test("a refused key whose account nobody can name is left to a person", async () => {
    const grant = await t.connected();
    const renewal = JSON.stringify({ ...JSON.parse(grant.renewal ?? ""), channelIdentifier: null });
    t.faults.push({ ...rpc(403, "PERMISSION_DENIED"), match: "whoami" });
    expect(await t.provider.revoke({ ...grant, renewal }, t.io, "authorization")).toBe("local");
  });

  test("a dead key whose account only the integrator can still ask about", async () => {
    const grant = await t.connected();
    t.faults.push({ ...rpc(401, "UNAUTHENTICATED"), match: "login", calls: 1 });
    expect(await t.provider.revoke(grant, t.io, "authorization")).toBe("remote");
    expect(keys("PRJ410001")[0]?.active).toBe(false);
  });

  test.each([
    ["{}", "transient not_confirmed"],
    ['{"success":false}', "transient not_confirmed"],
    ["<html>", "transient not_confirmed"],
  ])("an unclear answer %s is not a removal", async (body, expected) => {
    const grant = await t.connected();
    t.faults.push({ kind: "body", match: "credential/remove", body });
    expect(await t.trouble(t.provider.revoke(grant, t.io, "authorization"))).toBe(expected);
  });
});

describe("import by an admin", () => {
  const fileOf = (grant: Grant) => {
    const { keyId, privateKey, keyProjectCode, channelIdentifier } = JSON.parse(grant.renewal ?? "") as Record<string, string>;
    return JSON.stringify({
      type: "apijwt",
      key_id: keyId,
      private_key: privateKey,
      project_code: keyProjectCode,
      channel_identifier: channelIdentifier,
    });
  };

  test("a key file connects, removes itself without a channel name too", async () => {
    const file = JSON.parse(fileOf(await t.keyed("PRJ410002"))) as Record<string, string>;
    delete file.channel_identifier;
    // Copied through an environment variable, the line ends became two characters.
    file.private_key = (file.private_key ?? "").replaceAll("\n", "\\n");
    const issued = await t.provider.adopt.issue({ key_file: JSON.stringify(file), project_code: "PRJ410002" }, t.io);
    const grant = grantOf(await t.provider.refresh(grantOf(issued), t.io));
    expect(await t.provider.inspect(grant, t.io)).toMatchObject({ id: "PRJ410002" });
    expect(await t.provider.revoke(grant, t.io, "authorization")).toBe("remote");
    expect(t.lastBody("credential/remove")).toMatchObject({ user_code: expect.any(String), key_id: file.key_id });
  });

  test.each([
    ["{", { key_file: "not_a_key_file" }],
    ["{}", { key_file: "not_a_key_file" }],
    ['{"key_id":"a","private_key":"b"}', { project_code: "project_missing" }],
  ])("%s is refused at its field", async (key_file, fields) => {
    await expect(t.provider.adopt.issue({ key_file }, t.io)).rejects.toMatchObject({ trouble: "declined", detail: { fields } });
  });

  test("our own key never becomes a merchant's, because disconnecting would remove it", async () => {
    const { keyId, privateKey, projectCode } = t.at.simulator.settings;
    const key_file = JSON.stringify({ key_id: keyId, private_key: privateKey, project_code: projectCode });
    await expect(t.provider.adopt.issue({ key_file }, t.io)).rejects.toMatchObject({ detail: { fields: { key_file: "own_key" } } });
  });

  test.each([
    "not a PEM",
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ])("a key that cannot sign RS256 needs the owner", async (privateKey) => {
    const issued = await t.provider.adopt.issue(
      { key_file: JSON.stringify({ key_id: "a", private_key: privateKey, project_code: "PRJ1" }) },
      t.io,
    );
    expect(await t.trouble(t.provider.refresh(grantOf(issued), t.io))).toBe("reconnect key_unusable");
  });
});
