import { type Chain, chainWith, ourChain } from "@/lib/audit/chain";

/** What somebody without the key can do no better than. */
export const NO_KEY = Buffer.alloc(32);

export const mutants = {
  "no-previous": "a place's hash is made without the hash before it",
  "no-key": "hashes are made with a key that everybody knows",
  "no-facts": "what an event says of its circumstances is not part of its hash",
  "no-head": "the head that was kept elsewhere is not asked for",
};

/** The product's chain, or one that lacks what a mutant lacks. */
export function chainOf(mutant: string | null): Chain {
  const chain = mutant === "no-key" ? chainWith(NO_KEY) : ourChain();
  if (mutant === "no-previous") return { ...chain, link: (_, seq, event) => chain.link("", seq, event) };
  if (mutant === "no-facts")
    return { ...chain, link: (previous, seq, event) => chain.link(previous, seq, { ...event, text: withoutFacts(event.text) }) };
  return chain;
}

function withoutFacts(text: string | null): string | null {
  return text && JSON.stringify((JSON.parse(text) as unknown[]).slice(0, 2));
}
