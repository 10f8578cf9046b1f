/** A webhook's path may be a secret of its receiver's: of its URL only the host is told. */
export const shownAddress = (kind: "email" | "webhook", address: string): string => (kind === "email" ? address : new URL(address).host);

/** The same for admins, who must tell two of one receiver's apart: the end of the path, and no more of it than that. */
export function maskedAddress(kind: "email" | "webhook", address: string): string {
  if (kind === "email") return address;
  const { origin, pathname, search } = new URL(address);
  const rest = `${pathname}${search}`;
  return rest.length > 12 ? `${origin}/…${rest.slice(-4)}` : `${origin}${rest.length > 1 ? "/…" : ""}`;
}
