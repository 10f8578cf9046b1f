import { expect, test } from "vitest";
import { doneQuery, readDone } from "@/components/connections/done-word";

test.each([
  [{ kind: "works", unproved: false }, "works"],
  [{ kind: "works", unproved: true }, "unproved"],
  [{ kind: "renewed" }, "renewed"],
  [{ kind: "cannot" }, "cannot"],
  [{ kind: "busy" }, "busy"],
  [{ kind: "failed", trouble: "operator", code: "invalid_client" }, "failed_ours"],
  [{ kind: "failed", trouble: "reconnect", code: "refresh_refused" }, "failed_reconnect"],
  [{ kind: "failed", trouble: "declined", code: "wrong_secret" }, "failed_reconnect"],
  [{ kind: "failed", trouble: "transient", code: "bad_answer" }, "failed_platform"],
  [{ kind: "failed", trouble: "doubt", code: "no_whole_answer" }, "failed_platform"],
] as const)("%o is told as %s", (result, word) => {
  expect(readDone(Object.fromEntries(new URLSearchParams(doneQuery(result))))).toEqual({ word, waitS: 1 });
});

test("a wait is told in whole seconds", () => {
  expect(doneQuery({ kind: "not_now", retryAfterS: 23.2 })).toBe("?done=not_now&wait=24");
  expect(readDone({ done: "not_now", wait: "24" })).toEqual({ word: "not_now", waitS: 24 });
});

test.each([[{}], [{ done: "toString" }], [{ done: "hacked" }], [{ done: ["works", "works"] }]])("%o tells of nothing", (query) => {
  expect(readDone(query)).toBeNull();
});

test.each(["-1", "1e9", "x", ["3", "4"]])("a wait of %s is not believed", (wait) => {
  expect(readDone({ done: "not_now", wait })).toEqual({ word: "not_now", waitS: 1 });
});
