import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Figure } from "./figure";

const HERE = new URL(".", import.meta.url);

/** Every figure there is, in order: `f3.ts` is F3, and nothing else has to know of it. */
export function ids(): string[] {
  return readdirSync(fileURLToPath(HERE))
    .flatMap((name) => /^f(\d+)\.ts$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .map((number) => `F${number}`);
}

export async function load(id: string): Promise<Figure> {
  const { figure } = (await import(new URL(`${id.toLowerCase()}.ts`, HERE).href)) as { figure: Figure };
  return figure;
}
