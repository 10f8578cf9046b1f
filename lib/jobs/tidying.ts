import { forgetPreviousSecrets } from "@/db/alert-destinations";
import { forgetAlerts } from "@/db/alerts";
import { forgetBudgets } from "@/db/api-budgets";
import { forgetAttempts } from "@/db/attempt-jobs";
import { forgetRuns } from "@/db/bulk-runs";
import { database } from "@/db/client";
import { forgetLinks } from "@/db/connect-links";
import { forgetDeliveries } from "@/db/deliveries";
import { forgetCallPauses } from "@/db/gates";
import { forgetHandOuts } from "@/db/hand-outs";
import { forgetCauses, noteCauses } from "@/db/health-counts";
import { forgetEmptyHours } from "@/db/hours";
import { forgetKeyFailures } from "@/db/key-failures";
import { forgetRings } from "@/db/key-rings";
import { forgetNotices } from "@/db/notices";
import { forgetMinutes } from "@/db/offer-minutes";
import { forgetPauses } from "@/db/offer-pauses";
import { forgetTries } from "@/db/offer-tries";
import { forgetUnusedSessions } from "@/db/platform-sessions";
import { forgetProxyCalls } from "@/db/proxy-calls";
import { forgetNeverConnected } from "@/db/revocations";
import { forgetWork } from "@/db/work";
import { forgetWorkers } from "@/db/workers";
import { tellHead } from "@/lib/audit/tell-head";
import { eraseSuperseded } from "@/lib/connections/erase-superseded";
import { failingStates } from "@/lib/health/cause-groups";
import { endLeftTries } from "@/lib/offers/end-left-tries";
import { attended, type Job } from "./job";

/** What has had its time. */
export const tidying: Job = {
  name: "tidying",
  everyS: 30,
  round: async ({ open }) => {
    await attended("audit_head", () => tellHead());
    await attended("end_left_tries", () => endLeftTries(open));
    await eraseSuperseded(50);
    await forgetAttempts(database());
    await forgetNeverConnected(database());
    await forgetUnusedSessions(database());
    await forgetWorkers(database());
    await forgetNotices(database());
    await forgetPreviousSecrets(database());
    await forgetDeliveries(database());
    await forgetAlerts(database());
    await forgetRuns(database());
    await forgetEmptyHours(database());
    await forgetMinutes(database());
    await forgetPauses(database());
    await forgetTries(database());
    await forgetLinks(database());
    await forgetWork(database());
    await forgetHandOuts(database());
    await forgetBudgets(database());
    await forgetKeyFailures(database());
    await forgetRings(database());
    await noteCauses(database(), failingStates);
    await forgetCauses(database());
    await forgetProxyCalls(database());
    await forgetCallPauses(database());
  },
};
