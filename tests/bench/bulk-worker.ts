import { openDatabase } from "@/db/client";
import { openIo } from "@/lib/connections/open-io";
import { runJobs } from "@/lib/jobs/boss";
import { bulk } from "@/lib/jobs/bulk";
import { revoking } from "@/lib/jobs/revoking";

// One worker process of the benchmark, which is killed in the middle of its work.
process.stdout.write = (() => true) as typeof process.stdout.write;
await openDatabase({ migrate: false });
await runJobs([bulk, revoking], { open: openIo, stopping: () => false });
process.send?.("working");
