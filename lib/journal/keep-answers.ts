import { newId } from "@/db/new-id";
import { crossing } from "@/lib/crash-point";
import { log } from "@/lib/log";
import { ProviderError } from "@/lib/providers/provider-error";
import { confirmSoon } from "./confirm";
import { answerOf } from "./entry";
import { append, drop, giveUp, type Journal, journal, type Kept } from "./journal";
import type { Work } from "./work";

/** Keeps what one piece of work hears from a platform, from before it is read until it is committed. */
export type Keeping = {
  /** Makes a call whose answer may exist only once: room for it is there before, and it is on the disk before anybody reads it. */
  around: (path: string, now: () => Date, call: () => Promise<Response>) => Promise<Response>;
  /** What came of it is in the database. */
  committed: () => void;
  /** The provider has read it, and nothing was issued. */
  nothing: () => void;
  /** The work is over, however it ended. */
  end: () => void;
};

const REFUSED_RETRY_S = 5;

export function keepAnswers(work: Work): Keeping {
  const id = newId("kept");
  let step = 0;
  let own: Journal | null = null;
  let kept: Kept | null = null;

  return {
    around: async (path, now, call) => {
      const room = await takeRoom();
      if (room === null) return crossing("call.unkept", () => call());
      let response: Response | null = null;
      try {
        response = await crossing("call.kept", () => call());
        return response;
      } finally {
        // A refusal holds nothing that would be lost with it.
        if (!response?.ok) await crossing("journal.give_back", () => room.own.slots.free(room.slot)).catch(() => undefined);
        else {
          kept ??= { id, work, state: "open", slots: [] };
          own ??= room.own;
          if (own === room.own) own.kept.set(id, kept);
          step += 1;
          const answer = await answerOf(path, response);
          await append(room.own, kept, room.slot, { v: 1, kept: id, step, atMs: now().getTime(), work, answer });
        }
      }
    },
    committed: () => {
      if (!own || !kept) return;
      kept.state = "committed";
      confirmSoon(own);
    },
    nothing: () => {
      if (own && kept) void drop(own, kept);
    },
    end: () => {
      if (kept?.state === "open") kept.state = "left";
    },
  };
}

/** Throws transient `journal_full` where the disk has no room or takes nothing: then the call must not be made. */
async function takeRoom(): Promise<{ own: Journal; slot: number } | null> {
  let own: Journal | null = null;
  try {
    own = await journal();
    if (own === null) return null;
    const { slots } = own;
    return { own, slot: await crossing("journal.take", () => slots.take()) };
  } catch (error) {
    log.error("journal_refused", error);
    // A file that takes nothing any more may be a disk that was mounted anew.
    if (own && (error as NodeJS.ErrnoException).code !== "ENOSPC") await giveUp(own);
    throw new ProviderError("transient", "journal_full", { retryAfterS: REFUSED_RETRY_S });
  }
}
