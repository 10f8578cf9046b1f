import { expect, test } from "vitest";
import { returnPath } from "@/lib/auth/return-path";

const REFUSED = [
  "",
  " ",
  "connections",
  "./connections",
  "../connections",
  "?to=/x",
  "#x",
  "//evil.example",
  "///evil.example",
  "////evil.example/%2f..",
  "//evil.example:443/a",
  "//evil%E3%80%82example",
  "/\\evil.example",
  "\\/evil.example",
  "\\\\evil.example",
  "/\\/evil.example",
  "/ok\\..\\evil",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/ /evil.example",
  "/\u0000/evil.example",
  "/\u200b/evil.example",
  "/\u2028evil",
  "/．．/evil",
  "／／evil.example",
  "/%2f/evil.example",
  "/%2Fevil.example",
  "/%5cevil.example",
  "/%5C%5Cevil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/a/..//evil.example",
  "/a/%2e%2e//evil.example",
  "/%2e//evil.example",
  "https://evil.example",
  "HTTPS:/evil.example",
  "https:evil.example",
  "http:\\\\evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt://%0aalert(1)",
  "data:text/html,hi",
  "mailto:a@b.example",
  "@evil.example",
  "localhost:3000/x",
  "/sign-in",
  "/sign-in/link?token=x",
  `/${"a".repeat(2_000)}`,
];

test.each(REFUSED)("%j leads nowhere", (asked) => {
  expect(returnPath(asked)).toBe("/");
});

test.each([undefined, null, 7, ["/a"], { to: "/a" }])("%j is no path", (asked) => {
  expect(returnPath(asked, "/connections")).toBe("/connections");
});

const ACCEPTED = [
  "/",
  "/connections",
  "/connections/con_1?tab=events&q=a%20b#top",
  "/connect/result/att_1",
  "/a//b",
  "/@evil.example",
  "/%D9%85%D8%AA%D8%AC%D8%B1",
];

test.each(ACCEPTED)("%s is kept, and stays on this host", (asked) => {
  expect(returnPath(asked)).toBe(asked);
  expect(new URL(asked, "https://latchkey.example").host).toBe("latchkey.example");
});
