import type { Ledger } from "./ledger";

export type Asked = { redirectUri: string; challenge: string | null; scopes: readonly string[]; sub: string };
type Code = Asked & { expiresAt: number; family: Family | null };
type Family = { sub: string; scopes: readonly string[]; ended: boolean };
type Access = { family: Family; expiresAt: number; scopes: readonly string[] };
type Refresh = { family: Family; used: boolean };

/** What the simulated server has issued: codes, and families of tokens that live and die together. */
export class Grants {
  readonly #codes = new Map<string, Code>();
  readonly #access = new Map<string, Access>();
  readonly #refresh = new Map<string, Refresh>();
  readonly #families = new Set<Family>();

  constructor(
    readonly ledger: Ledger,
    readonly now: () => Date,
  ) {}

  code(asked: Asked, lifeS: number): string {
    const code = this.ledger.canary("code");
    this.#codes.set(code, { ...asked, expiresAt: this.now().getTime() + lifeS * 1000, family: null });
    return code;
  }

  /** Null where the code is unknown, late or used; a second use ends what the first one issued (RFC 6749 section 4.1.2). */
  redeem(code: string, fits: (asked: Asked) => boolean): Family | null {
    const held = this.#codes.get(code);
    if (!held) return null;
    if (held.family) {
      held.family.ended = true;
      return null;
    }
    const good = held.expiresAt > this.now().getTime() && fits(held);
    // A bad try uses the code up as well: whoever guesses gets no second guess.
    held.family = { sub: held.sub, scopes: held.scopes, ended: !good };
    this.#families.add(held.family);
    return good ? held.family : null;
  }

  issue(family: Family, lifeS: number, scopes: readonly string[]): string {
    const token = this.ledger.canary("access");
    this.#access.set(token, { family, scopes, expiresAt: this.now().getTime() + lifeS * 1000 });
    return token;
  }

  refreshToken(family: Family): string {
    const token = this.ledger.canary("refresh");
    this.#refresh.set(token, { family, used: false });
    return token;
  }

  /** Null where the token is unknown or dead. With `rotate` a second use ends the whole family (RFC 9700 section 4.14.2). */
  refresh(token: string, rotate: boolean): Family | null {
    const held = this.#refresh.get(token);
    if (!held || held.family.ended) return null;
    if (held.used) {
      held.family.ended = true;
      return null;
    }
    held.used = rotate;
    return held.family;
  }

  /** The living grant behind an access token. */
  live(token: string): Access | null {
    const held = this.#access.get(token);
    return held && !held.family.ended && held.expiresAt > this.now().getTime() ? held : null;
  }

  /** A refresh token takes its family along; access alone ends alone, the harsher reading of RFC 7009 section 2.1. */
  revoke(token: string): void {
    const refresh = this.#refresh.get(token);
    if (refresh) refresh.family.ended = true;
    else this.#access.delete(token);
  }

  endAllOf(sub: string): void {
    for (const family of this.#families) if (family.sub === sub) family.ended = true;
  }
}
