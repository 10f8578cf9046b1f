/** What there is to try, by who tries it: where it begins, and what is written about it in the desk's texts. */
export type Role = "merchant" | "support" | "admin";
export type Thing = { to: string; key: string };

const listed = (role: Role, places: readonly string[]): Thing[] => places.map((to, index) => ({ to, key: `${role}${index + 1}` }));

export const personOf: Record<Role, string> = { merchant: "person-mona", support: "person-sara", admin: "person-omar" };

export const things: Record<Role, Thing[]> = {
  merchant: listed("merchant", [
    "/connect/square",
    "/connect/noon",
    "/connect/norce",
    "/connections",
    "/connections",
    "/connect/ultracart",
    "/connect/oauth2",
    "/connections",
    "/connections",
    "/settings/mail",
  ]),
  support: listed("support", [
    "/support?q=Riyadh",
    "/support?q=%D8%A7%D9%84%D8%A7%D9%85%D9%84",
    "/support?state=needs_reconnect",
    "/support?state=refresh_failing",
    "/support?state=expired_renewable",
    "/support?offer=square&state=healthy",
    "/support?state=revoked",
    "/support?state=unknown",
    "/support?state=expiring_soon",
    "/support?sort=no_return",
  ]),
  admin: listed("admin", [
    "/health",
    "/health",
    "/health",
    "/health",
    "/health",
    "/alerts",
    "/providers",
    "/people",
    "/audit",
    "/support?state=renewal_late",
  ]),
};
