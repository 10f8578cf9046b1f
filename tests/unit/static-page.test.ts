import { expect, test } from "vitest";
import { continuePage } from "@/components/connect/continue-page";

const page = {
  locale: "en",
  theme: "system",
  nonce: "abc",
  product: "Latchkey",
  title: "Continue to \u2066a.test\u2069",
  paragraphs: ["<b>&\u2066a.test\u2069"],
  button: "Go",
} as const;

test("an address with marks of HTML stays one attribute", () => {
  const url = `https://a.test/?a=1&b="><script>alert('1')</script>`;
  const html = continuePage({ ...page, url });
  expect(html).not.toContain("<script");
  const attributes = [...html.matchAll(/(?:content="0;url=|href=")(https:[^"]*)"/g)].map((match) => match[1]);
  expect(attributes).toEqual(Array(2).fill("https://a.test/?a=1&amp;b=&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"));
});

test("a host is an element of its own direction in the page and plain in its title", () => {
  const html = continuePage({ ...page, url: "https://a.test/" });
  expect(html).toContain('<h1>Continue to <bdi dir="ltr">a.test</bdi></h1>');
  expect(html).toContain('<p>&lt;b&gt;&amp;<bdi dir="ltr">a.test</bdi></p>');
  expect(/<title>(.*)<\/title>/.exec(html)?.[1]).toBe("Continue to \u2066a.test\u2069 — Latchkey");
});

test("a demo's page says so above itself and in its title", () => {
  const html = continuePage({ ...page, url: "https://a.test/", demo: { label: "Demo", text: "Nothing is <real>" } });
  expect(html).toContain('<body><aside aria-label="Demo">Nothing is &lt;real&gt;</aside><header>');
  expect(html).toContain("<title>[Demo] Continue");
});

test("an Arabic page is read from right to left", () => {
  expect(continuePage({ ...page, locale: "ar", url: "https://a.test/" })).toContain('<html lang="ar" dir="rtl" data-theme="system">');
});
