import { database } from "@/db/client";
import { beat } from "@/db/workers";
import { hasBearer } from "@/lib/bearer";
import { env } from "@/lib/env";
import { failureOf } from "@/lib/failure";
import { countRound, noteWork } from "@/lib/health/note-work";
import { log, withCorrelation } from "@/lib/log";
import { sweep } from "./sweep";

/** New work is begun for so long; a call that was begun takes 28 s at most. */
const LONGEST_MS = 30_000;

/** For a schedule from outside, where no process stays up to do the background work: one bounded round of all of it. */
export async function onSchedule(request: Request): Promise<Response> {
  const secret = env().CRON_SECRET;
  if (!secret) return answer(404, { code: "not_found" });
  if (!hasBearer(request.headers.get("authorization"), secret)) return answer(401, { code: "unauthorized" });
  return withCorrelation(async () => {
    try {
      const until = performance.now() + LONGEST_MS;
      await sweep({ stopping: () => performance.now() > until, together: true });
      await beat(database(), "cron", "cron");
      countRound();
      await noteWork();
      return answer(200, { done: true });
    } catch (error) {
      log.error("schedule_failed", error);
      const { status, code } = failureOf(error);
      return answer(status, { code });
    }
  });
}

const answer = (status: number, body: object): Response => Response.json(body, { status, headers: { "Cache-Control": "no-store" } });
