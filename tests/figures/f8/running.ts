import type { Mutant } from "./mutant";

const LOG = "tests/unit/log.test.ts";
const ENV = "tests/unit/env.test.ts";

/** How a process is configured, and what it writes. */
export const running: readonly Mutant[] = [
  {
    id: "secret-fields-logged",
    does: "a log line writes what a field of a secret's name holds",
    edits: [["lib/log.ts", 'SECRET.test(name) ? "[refused]" : value', "value"]],
    test: LOG,
  },
  {
    id: "messages-logged",
    does: "a log line writes an error's message, whatever a driver put there",
    edits: [
      [
        "lib/log.ts",
        'return { error: CODE.test(error.name) ? error.name : "Error",',
        'return { message: error.message, error: CODE.test(error.name) ? error.name : "Error",',
      ],
    ],
    test: LOG,
  },
  {
    id: "parameters-in-errors",
    does: "a statement's failure carries the statement",
    edits: [["db/database-error.ts", "operation: operationOf(text),", "operation: operationOf(text) && text,"]],
    test: "tests/db/database-error.test.ts",
  },
  {
    id: "private-network-in-production",
    does: "a production may call private addresses",
    edits: [
      [
        "lib/env.ts",
        'if (env.LATCHKEY_ALLOW_PRIVATE_NETWORK && source.NODE_ENV === "production" && !env.LATCHKEY_DEMO)',
        "if (env.LATCHKEY_ALLOW_PRIVATE_NETWORK && source.NODE_ENV === undefined)",
      ],
    ],
    test: ENV,
  },
  {
    id: "crash-points-in-production",
    does: "a production may be told to kill itself",
    edits: [["lib/env.ts", "if (env.LATCHKEY_CRASH_AT && !env.LATCHKEY_DEMO) faults", "if (env.LATCHKEY_CRASH_AT && !source) faults"]],
    test: ENV,
  },
  {
    id: "certificates-unchecked",
    does: "a start with certificate checks switched off goes on",
    edits: [["lib/env.ts", 'if (source.NODE_TLS_REJECT_UNAUTHORIZED === "0")', 'if (source.NODE_TLS_REJECT_UNAUTHORIZED === "no")']],
    test: ENV,
  },
  {
    id: "address-without-tls",
    does: "a public address may be http",
    edits: [["lib/env.ts", 'if (base.protocol !== "https:" && !isLoopback(base)) faults', 'if (base.protocol === "ftp:") faults']],
    test: ENV,
  },
  {
    id: "demo-is-ready",
    does: "a demo tells a load balancer that it is ready for real requests",
    edits: [["lib/health/service-health.ts", 'env().LATCHKEY_DEMO\n      ? "demo"\n      : isDraining()', "isDraining()"]],
    test: "tests/http/health.test.ts",
  },
  {
    id: "anybody-sweeps",
    does: "anybody may have background work done",
    edits: [
      [
        "lib/bearer.ts",
        "return timingSafeEqual(hash(sent), hash(secret));",
        "return timingSafeEqual(hash(sent), hash(secret)) || sent !== undefined;",
      ],
    ],
    test: "tests/http/cron.test.ts",
  },
  {
    id: "formulas-in-files",
    does: "a file holds what a spreadsheet would run",
    edits: [["lib/csv-line.ts", "? `'${value}` : String(value)", "? `${value}` : String(value)"]],
    test: "tests/connections/list-file.test.ts",
  },
  {
    id: "wrong-key-starts",
    does: "a process starts with a key that is not the database's",
    edits: [["lib/check-keys.ts", "if (faults.length > 0) throw new ConfigurationError(faults);", ""]],
    test: "tests/db/check-keys.test.ts",
  },
];
