import { makeIo, type OpenIo } from "@/lib/connections/open-io";
import { ProviderError } from "@/lib/providers/provider-error";
import { drawn } from "@/tests/figures/figure";
import { FAULTS, type FaultKind, isDuring, type Plan, type Slug } from "./plan";
import { accepts, type Platforms } from "./stores";

/** What lies between us and a store's platform, and what came through. */
type Line = {
  store: number;
  slug: Slug;
  calls: number;
  /** The newest renewal whose answer reached us. */
  newest: string;
  /** An answer that brought a newer one was lost on the way: no client in the world could go on then. */
  lost: boolean;
};

type Fault = { kind: FaultKind | "outage"; pick: number };

const kinds = Object.keys(FAULTS) as FaultKind[];
const ODD_BODIES = ["<html><body>Welcome to the airport Wi-Fi</body></html>", "", '{"access_token":', "null", "{}"];

/** The way to the platforms, on which calls fail as the seed says, by connection and number of the call. */
export class Network {
  readonly lines = new Map<string, Line>();
  readonly injected: Record<Fault["kind"], number> = { unavailable: 0, lost: 0, limited: 0, odd: 0, outage: 0 };
  calls = 0;
  #dying: { left: number; answered: boolean; die: () => void } | null = null;
  #dead = new Set<number>();
  #life = 0;

  constructor(
    readonly plan: Plan,
    readonly at: Platforms,
    readonly nowS: () => number,
  ) {}

  /** For one process's work: after its death nothing of it comes back. */
  open(): OpenIo {
    const life = this.#life;
    return (offer, context) => makeIo(offer, context, (url, init) => this.#send(life, offer.slug as Slug, context.connectionId, url, init));
  }

  /** The process dies at its nth call from now, before it was sent or with the answer on the way; resolves when it did. */
  dieAt(calls: number, answered: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#dying = { left: calls, answered, die: resolve };
    });
  }

  /** A new process has begun. */
  begin(): void {
    this.#dying = null;
    this.#dead.add(this.#life);
    this.#life += 1;
  }

  async #send(life: number, slug: Slug, connectionId: string | null, url: string, init?: RequestInit): Promise<Response> {
    const gone = new Promise<never>(() => undefined);
    if (this.#dead.has(life)) return gone;
    this.calls += 1;
    const line = this.lines.get(connectionId ?? "");
    const dying = this.#dying;
    if (dying) {
      dying.left -= 1;
      if (dying.left < 0) return gone;
      if (dying.left === 0) {
        if (dying.answered) await this.#reach(slug, line, url, init, true).catch(() => undefined);
        dying.die();
        return gone;
      }
    }
    const fault = this.#fault(slug, line);
    if (fault === null || fault.kind === "lost") return this.#reach(slug, line, url, init, fault !== null);
    return answerOf(fault);
  }

  /** Drawn by the connection and the number of its call, so that it does not matter which of several came first. */
  #fault(slug: Slug, line: Line | undefined): Fault | null {
    const { seed, outages } = this.plan;
    const names = [slug, line?.store ?? "nobody's", line ? line.calls++ : this.calls];
    const pick = drawn(seed, "kind", ...names);
    if (outages.some((outage) => isDuring(outage, this.nowS()) && outage.slugs.includes(slug)))
      return this.#count({ kind: "outage", pick });
    let left = drawn(seed, "call", ...names) * 100;
    for (const kind of kinds) {
      left -= FAULTS[kind];
      if (left < 0) return this.#count({ kind, pick });
    }
    return null;
  }

  #count(fault: Fault): Fault {
    this.injected[fault.kind] += 1;
    return fault;
  }

  async #reach(slug: Slug, line: Line | undefined, url: string, init: RequestInit | undefined, lost: boolean): Promise<Response> {
    const stood = lost && line && accepts(this.at, slug, line.newest);
    const response = await this.at.simulators[slug].handle(new Request(url, { redirect: "manual", ...init }));
    if (lost) {
      if (stood && !accepts(this.at, slug, line.newest)) line.lost = true;
      throw new ProviderError("doubt", "no_whole_answer");
    }
    const body =
      line && response.ok
        ? ((await response
            .clone()
            .json()
            .catch(() => null)) as { refresh_token?: unknown } | null)
        : null;
    if (line && typeof body?.refresh_token === "string") line.newest = named(slug, body.refresh_token);
    return response;
  }
}

/** What is answered in place of the platform, which hears nothing. */
function answerOf({ kind, pick }: Fault): Response {
  switch (kind) {
    case "unavailable":
      return new Response("", { status: pick < 0.5 ? 503 : 500 });
    case "limited":
      return new Response("", { status: 429, headers: pick < 0.5 ? { "retry-after": "30" } : {} });
    case "odd":
      return new Response(ODD_BODIES[Math.floor(pick * ODD_BODIES.length)], { headers: { "content-type": "application/json" } });
    default:
      throw new ProviderError("transient", "unreachable");
  }
}

/** A renewal as the providers write it, as far as the platform needs it. */
function named(slug: Slug, token: string): string {
  return JSON.stringify(slug === "ultracart" ? { refresh_token: token } : { refreshToken: token });
}
