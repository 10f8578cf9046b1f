import { people } from "@/tests/simulators/identity-provider";
import { SELLER_PATH } from "@/tests/simulators/square-seller";
import type { OpenDemo } from "./open-demo";

/** What a person needs to look around. */
export function welcome({ url, world, filling }: Pick<OpenDemo, "url" | "world" | "filling">, desk: string, log: string): string {
  const { norce, square } = world.platforms;
  const who = people.map(({ name, about }) => `    ${name.padEnd(14)}${about}`).join("\n");
  const user = norce.users[0];
  const pasted = user && [
    ["Client name", user.slug],
    ["Region", "se"],
    ["Environment", user.environments[0] ?? ""],
    ["Client ID", user.clientId],
    ["Client secret", user.clientSecret],
    ["Application ID", String(user.applications[0])],
  ];
  const rows = filling?.rows.toLocaleString("en");
  const stores = filling && (filling.done() < filling.rows ? `${rows} stores are being made meanwhile.` : `${rows} stores are there.`);
  return `
  Latchkey is open at  ${url}
  The control desk at  ${desk}   time, things to break, things to try

  ${stores ?? "No stores are there yet."} On the desk one click makes you anybody, or press "Continue with your company account":
${who}

  Every platform is simulated on this machine; nothing leaves it. Noon, Square, UltraCart and Harbor show a page
  with Approve and Deny. Norce asks for values to paste:
${pasted?.map(([name, value]) => `    ${name?.padEnd(16)}${value}`).join("\n") ?? "    (its user was deleted: npm run demo -- --reset)"}

  A seller can take the access away at Square itself, and Latchkey is told:
    ${square.settings.apiUrl}${SELLER_PATH}

  Log: ${log}
  Ctrl-C ends everything. The next "npm run demo" goes on from here; "npm run demo -- --reset" starts over.

`;
}
