import type { AlertKind } from "./alert-kinds";

/** The page that shows what an alert is about. */
export function alertPath(kind: AlertKind, { offer }: Record<string, unknown>): string {
  const stores = (state: string) => `/support?${new URLSearchParams({ state, ...(typeof offer === "string" ? { offer } : {}) })}`;
  switch (kind) {
    case "needs_reconnect":
      return stores("needs_reconnect");
    case "renewal_late":
      return stores("renewal_late");
    case "point_of_no_return":
    case "incident":
    case "worker_silent":
    case "key_worn":
      return "/health";
    case "audit_broken":
      return "/audit";
  }
}
