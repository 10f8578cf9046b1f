import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { acting, answering, asking } from "@/app/acting";
import { entryNote, withEntry } from "@/lib/entry";
import { setEnv } from "@/tests/auth/set-env";

const OURS = "https://latchkey.example";
const sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent }));

const before = { ...process.env };
beforeAll(() => {
  setEnv({ LATCHKEY_URL: OURS, DATABASE_URL: undefined });
  vi.stubEnv("__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS", "1");
});
afterAll(() => {
  setEnv({ LATCHKEY_URL: before.LATCHKEY_URL, DATABASE_URL: before.DATABASE_URL });
  vi.unstubAllEnvs();
});
beforeEach(() => sent.set("origin", OURS));

type Told = { answer: number };
const work = vi.fn(async () => undefined);
const lead = acting(work) as (...sent: unknown[]) => Promise<void>;
const tell = answering<Told>(async (_form, nth) => ({ answer: nth })) as (...sent: unknown[]) => Promise<Told>;
const ask = asking(async (id) => id) as (...sent: unknown[]) => Promise<string>;
const digest = (status: number) => ({ digest: `NEXT_HTTP_ERROR_FALLBACK;${status}` });

describe("an action", () => {
  it.each([undefined, null, "x", 1, {}, [], new Map(), new URLSearchParams("a=b"), { get: () => "x" }])(
    "that is sent %j in place of a form is not there",
    async (form) => {
      await expect(lead(form)).rejects.toMatchObject(digest(404));
      await expect(tell(null, form)).rejects.toMatchObject(digest(404));
      expect(work).not.toHaveBeenCalled();
    },
  );

  it("whose form holds what no column of text does is not there", async () => {
    const form = new FormData();
    form.append("slug", "square\0");
    await expect(lead(form)).rejects.toMatchObject(digest(404));
    expect(work).not.toHaveBeenCalled();
  });

  it.each([undefined, "x", 1, [], { answer: "1" }, { answer: 1.5 }, { answer: -1 }, { answer: null }, { answer: 2 ** 53 }])(
    "that is told %j was its last answer is not there",
    async (last) => {
      await expect(tell(last, new FormData())).rejects.toMatchObject(digest(404));
    },
  );

  it.each([
    [null, 1],
    [{ secret: "of a form that does not count" }, 1],
    [{ answer: 0 }, 1],
    [{ answer: 41, errors: [] }, 42],
  ])("knows of its last answer %j how many there were", async (last, answer) => {
    await expect(tell(last, new FormData())).resolves.toEqual({ answer });
  });

  it.each([undefined, null, 1, {}, ["con_1"]])("that is asked about %j is not there", async (id) => {
    await expect(ask(id)).rejects.toMatchObject(digest(404));
    await expect(ask("con_1")).resolves.toBe("con_1");
  });

  it.each([lead, tell, ask])("of another site's is refused before anything is looked at, and noted as begun", async (action) => {
    sent.set("origin", "https://evil.example");
    await withEntry(async () => {
      expect(entryNote()).toEqual({ entered: false });
      await expect(action(undefined)).rejects.toMatchObject(digest(403));
      expect(entryNote()).toEqual({ entered: true });
    });
    expect(entryNote()).toBeUndefined();
  });
});
