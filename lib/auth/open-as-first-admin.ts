import { emailAddress } from "./email-address";
import { becomeFirstAdmin } from "./first-admin";
import { startSession } from "./start-session";

/** The first admin's form: "in" means that this browser is signed in; "dead" that the link does no more; else the field at fault. */
export async function openAsFirstAdmin(input: {
  token: unknown;
  name: unknown;
  email: unknown;
}): Promise<"in" | "dead" | "name" | "email"> {
  const name = typeof input.name === "string" ? input.name.trim().slice(0, 200) : "";
  const email = emailAddress(input.email);
  if (!name) return "name";
  if (!email) return "email";
  const id = await becomeFirstAdmin({ token: String(input.token ?? ""), name, email });
  if (!id) return "dead";
  await startSession(id);
  return "in";
}
