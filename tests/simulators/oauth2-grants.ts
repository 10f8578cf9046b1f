import type { Ledger } from "./ledger";

export type Asked = { redirectUri: string; challenge: string | null; scopes: readonly string[]; sub: string };
type Family = { id: string; sub: string; scopes: readonly string[]; ended: boolean };
type Access = { family: string; endsAt: number; scopes: readonly string[] };

/** Everything that outlives a call, as JSON, so that a demo can keep it between two runs. Tokens of a family live and die together. */
export type Oauth2State = {
  clientSecret: string;
  codes: Record<string, Asked & { endsAt: number; family: string | null }>;
  families: Record<string, Family>;
  access: Record<string, Access>;
  refresh: Record<string, { family: string; used: boolean }>;
};

/** What the simulated server has issued, and by which rules it ends. */
export class Grants {
  constructor(
    readonly state: Oauth2State,
    readonly ledger: Ledger,
    readonly nowMs: () => number,
  ) {
    for (const issued of [state.codes, state.access, state.refresh]) for (const secret of Object.keys(issued)) ledger.keep(secret);
  }

  code(asked: Asked, lifeS: number): string {
    const code = this.ledger.canary("code");
    this.state.codes[code] = { ...asked, endsAt: this.nowMs() + lifeS * 1000, family: null };
    return code;
  }

  /** Null where the code is unknown, late or used; a second use ends what the first one issued (RFC 6749 section 4.1.2). */
  redeem(code: string, fits: (asked: Asked) => boolean): Family | null {
    const held = this.state.codes[code];
    if (!held) return null;
    if (held.family !== null) {
      this.#end(held.family);
      return null;
    }
    const good = held.endsAt > this.nowMs() && fits(held);
    // A bad try uses the code up as well: whoever guesses gets no second guess.
    const family: Family = {
      id: `family-${Object.keys(this.state.families).length + 1}`,
      sub: held.sub,
      scopes: held.scopes,
      ended: !good,
    };
    this.state.families[family.id] = family;
    held.family = family.id;
    return good ? family : null;
  }

  issue(family: Family, lifeS: number, scopes: readonly string[]): string {
    const token = this.ledger.canary("access");
    this.state.access[token] = { family: family.id, scopes, endsAt: this.nowMs() + lifeS * 1000 };
    return token;
  }

  refreshToken(family: Family): string {
    const token = this.ledger.canary("refresh");
    this.state.refresh[token] = { family: family.id, used: false };
    return token;
  }

  /** Null where the token is unknown or dead. With `rotate` a second use ends the whole family (RFC 9700 section 4.14.2). */
  refresh(token: string, rotate: boolean, reuseEndsFamily: boolean, endsPair: boolean): Family | null {
    const held = this.state.refresh[token];
    const family = held && this.#living(held.family);
    if (!held || !family) return null;
    if (held.used) {
      if (reuseEndsFamily) this.#end(family.id);
      return null;
    }
    held.used = rotate;
    if (endsPair)
      for (const [access, { family: of }] of Object.entries(this.state.access)) if (of === family.id) delete this.state.access[access];
    return family;
  }

  /** The living grant behind an access token. */
  live(token: string): (Access & { sub: string }) | null {
    const held = this.state.access[token];
    const family = held && this.#living(held.family);
    return held && family && held.endsAt > this.nowMs() ? { ...held, sub: family.sub } : null;
  }

  /** A refresh token takes its family along; access alone ends alone, the harsher reading of RFC 7009 section 2.1. */
  revoke(token: string, alone: boolean): void {
    const refresh = this.state.refresh[token];
    if (refresh && alone) refresh.used = true;
    else if (refresh) this.#end(refresh.family);
    else delete this.state.access[token];
  }

  /** The tokens that somebody could still use. */
  living(): string[] {
    const refresh = Object.entries(this.state.refresh).filter(([, held]) => !held.used && this.#living(held.family));
    return [...refresh.map(([token]) => token), ...Object.keys(this.state.access).filter((token) => this.live(token))];
  }

  endAllOf(sub: string): void {
    for (const family of Object.values(this.state.families)) if (family.sub === sub) family.ended = true;
  }

  #living(id: string): Family | null {
    const family = this.state.families[id];
    return family && !family.ended ? family : null;
  }

  #end(id: string): void {
    const family = this.state.families[id];
    if (family) family.ended = true;
  }
}
