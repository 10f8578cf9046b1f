import { onSchedule } from "@/lib/jobs/on-schedule";

export const dynamic = "force-dynamic";
/** Seconds that a serverless platform is to leave it: a round ends by itself before. */
export const maxDuration = 60;

export { onSchedule as GET, onSchedule as POST };
