import fc from "fast-check";

const NASTY = [
  "",
  " ",
  "null",
  "undefined",
  "NaN",
  "-1",
  "1e400",
  "true",
  "[]",
  "{}",
  '{"__proto__":{"admin":true}}',
  "__proto__",
  "constructor",
  "' or 1=1 --",
  '"; drop table users; --',
  "{{7*7}}<%= 7 %>#{7*7}",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "javascript:alert(1)",
  "../../../etc/passwd",
  "..%2f..%2f",
  "%00",
  "\u0000",
  "\ud800",
  "\u202eevil",
  "\r\nset-cookie: a=b",
  "http://169.254.169.254/",
  "https://evil.example@good.example/",
  "con_00000000000000000000",
  "mer_00000000000000000000",
  "usr_00000000000000000000",
  "lk_00000000000000000000000000000000000000",
  "2026-11-31T25:61:61Z",
  "9999999999999999999999",
  "الأمل",
  "$1",
  '["$K1"]',
  "$ACTION_REF_0",
];

/** What somebody may write where a word is expected: what has broken others, any characters at all, and a great many of them. */
export const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((times) => "a".repeat(times)) },
);
/** The same as it can stand in an address or a header. */
export const inAddress = text.map((value) => encodeURIComponent(value.toWellFormed()).slice(0, 2_000));
export const inHeader = text.map((value) =>
  value
    .replace(/[^\x20-\x7e]/g, "?")
    .trim()
    .slice(0, 2_000),
);
export const json = fc.oneof(
  fc.json({ maxDepth: 4 }),
  text.map((value) => JSON.stringify({ [value.slice(0, 20)]: value })),
  text,
  fc.constantFrom("[".repeat(20_000), `{"a":`.repeat(5_000), '{"a":1,"a":2}', "\ufeff{}", '{"reason":"x","reason":"y"}', "1", '"x"'),
);
