import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("app/globals.css", "utf8");
const themes = ["light", "dark"] as const;
type Theme = (typeof themes)[number];

/** A token's colour in a theme, as `:root` says both at once. */
function colour(name: string, theme: Theme): string {
  const said = new RegExp(`--${name}: (?:light-dark\\((#\\w+), (#\\w+)\\)|(#\\w+));`).exec(css);
  const found = said?.[3] ?? said?.[theme === "light" ? 1 : 2];
  if (!found) throw new Error(`No colour --${name}`);
  return found;
}

/** The contrast of two colours as WCAG defines it. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const tones = ["positive", "info", "warning", "critical", "neutral"];
const surfaces = ["surface", "surface-raised", "surface-sunken"];
const pairs = (text: string[], on: string[]) => text.flatMap((one) => on.map((other) => [one, other] as const));

describe.each(themes)("in the %s", (theme) => {
  it.each([
    ...pairs(["text", "text-muted", ...tones], surfaces),
    ...tones.map((tone) => [tone, `${tone}-surface`] as const),
    ["accent-text", "accent"] as const,
    ["text", "accent-surface"] as const,
    ["danger-text", "danger"] as const,
    ["demo-text", "demo"] as const,
  ])("words in %s on %s are read: 4.5 to 1", (text, surface) =>
    expect(contrast(colour(text, theme), colour(surface, theme))).toBeGreaterThanOrEqual(4.5),
  );

  it.each(pairs(["focus", "line-strong", "accent"], ["surface", "surface-raised"]))(
    "%s on %s, the ring of the focus and the edge of a control, is seen: 3 to 1",
    (edge, surface) => expect(contrast(colour(edge, theme), colour(surface, theme))).toBeGreaterThanOrEqual(3),
  );
});

it("counts as WCAG does", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
