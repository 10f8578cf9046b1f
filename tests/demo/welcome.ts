import { people } from "@/tests/simulators/identity-provider";
import { SELLER_PATH } from "@/tests/simulators/square-seller";
import type { Platforms } from "./world";

/** What a person needs to look around. */
export function welcome(url: string, { norce, square }: Platforms, log: string): string {
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
  return `
  Latchkey is open at  ${url}

  Press "Continue with your company account" and choose who to be:
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
