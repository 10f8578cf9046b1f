// Has browsers that know the hint (Chrome 136 and later) compile what every page starts with while it arrives, on another thread. Else most of
// it is compiled piece by piece on the page's own, as each function is first called: the longest wait of a phone before a page answers a tap.
import { readFileSync, writeFileSync } from "node:fs";

const HINT = "//# allFunctionsCalledOnLoad\n";
/** Smaller ones gain less than the hint weighs. */
const LARGE = 100_000;

const { rootMainFiles } = JSON.parse(readFileSync(".next/build-manifest.json", "utf8"));
for (const file of rootMainFiles.map((name) => `.next/${name}`)) {
  const script = readFileSync(file, "utf8");
  if (script.length > LARGE && !script.startsWith(HINT)) writeFileSync(file, HINT + script);
}
