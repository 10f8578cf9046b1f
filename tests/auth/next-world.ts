import { NextRequest } from "next/server";

type Cookie = { name: string; value: string };

/** What Next gives a server action: one browser's cookies and headers. `after` work is kept until the test lets it run. */
export class NextWorld {
  readonly jar = new Map<string, string>();
  headers: Record<string, string> = { host: "localhost:3000", origin: "http://localhost:3000" };
  private afterwards: (() => unknown)[] = [];

  readonly modules = {
    headers: {
      headers: async () => new Headers({ ...this.headers, cookie: this.cookieHeader() }),
      cookies: async () => ({
        get: (name: string): Cookie | undefined => {
          const value = this.jar.get(name);
          return value === undefined ? undefined : { name, value };
        },
        has: (name: string) => this.jar.has(name),
        set: (name: string, value: string, options: { maxAge?: number } = {}) => this.store(name, value, options.maxAge === 0),
      }),
    },
    after: (work: () => unknown) => {
      this.afterwards.push(work);
    },
  };

  async runAfter(): Promise<void> {
    for (const work of this.afterwards.splice(0)) await work();
  }

  forget(): void {
    this.jar.clear();
    this.afterwards = [];
    this.headers = { host: "localhost:3000", origin: "http://localhost:3000" };
  }

  request(path: string, init: { method?: string; form?: Record<string, string>; headers?: Record<string, string> } = {}): NextRequest {
    return new NextRequest(new URL(path, "http://localhost:3000"), {
      method: init.method ?? (init.form ? "POST" : "GET"),
      headers: { ...this.headers, cookie: this.cookieHeader(), ...init.headers },
      body: init.form ? new URLSearchParams(init.form) : undefined,
    });
  }

  /** Keeps an answer's cookies as a browser would. */
  take(response: Response): Response {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split(/;\s*/);
      const at = pair.indexOf("=");
      this.store(
        pair.slice(0, at),
        decodeURIComponent(pair.slice(at + 1)),
        attributes.some((attribute) => /^max-age=0$/i.test(attribute)),
      );
    }
    return response;
  }

  private store(name: string, value: string, gone: boolean): void {
    if (gone) this.jar.delete(name);
    else this.jar.set(name, value);
  }

  private cookieHeader(): string {
    return [...this.jar].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; ");
  }
}
