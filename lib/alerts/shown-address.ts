/** A webhook's path may be a secret of its receiver's: of its URL only the host is told. */
export const shownAddress = (kind: "email" | "webhook", address: string): string => (kind === "email" ? address : new URL(address).host);
