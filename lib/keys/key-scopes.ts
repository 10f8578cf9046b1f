import type { KeyScope } from "@/db/api-tables";

export const keyScopes = [
  "access:read",
  "connections:read",
  "connections:write",
  "links:create",
  "proxy",
  "credentials:read",
] as const satisfies readonly KeyScope[];
