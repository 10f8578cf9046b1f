import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const files = globSync("{app,components}/**/*.{tsx,ts}");

// Physical sides do not turn around in Arabic: ms-, pe-, text-start and their kin do.
const physical =
  /(?<![\w-])-?(?:[mp][lr]-[\d[]|(?:left|right)-[\d[]|text-(?:left|right)\b|border-[lr](?:-|\b)|rounded-(?:[lr]|tl|tr|bl|br)(?:-|\b)|float-(?:left|right)|scroll-[mp][lr]-)/;

const offenders = (rule: RegExp) =>
  files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, index) => (rule.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
  );

describe("markup", () => {
  it("names sides logically", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(offenders(physical)).toEqual([]);
  });

  it("carries no style attribute, which the content policy would drop", () => {
    expect(offenders(/\sstyle=[{"]/)).toEqual([]);
  });

  it.each(["ml-2", "-mr-4", "pl-[3px]", "left-0", "text-right", "border-l", "rounded-tl-md"])("would see %s", (name) => {
    expect(physical.test(`className="flex ${name}"`)).toBe(true);
  });

  it.each(["ms-2", "start-0", "text-start", "border-line", "rounded-lg", "items-center", "pl", "copyright-1"])("lets %s pass", (name) => {
    expect(physical.test(`className="flex ${name}"`)).toBe(false);
  });
});
