import { type Criteria, criteriaQuery, noCriteria } from "@/lib/connections/criteria";
import { type HealthState, healthStates } from "@/lib/connections/health";

/** Where exactly the connections are listed that a number was counted of. */
export const rowsHref = (criteria: Partial<Criteria>): string => `/support?${criteriaQuery({ ...noCriteria, ...criteria })}`;

export const span = (from: Date, to: Date) => ({ from: minute(from), to: minute(to) });
const minute = (at: Date): string => `${at.toISOString().slice(0, 16)}Z`;

export const notRevoked: readonly HealthState[] = healthStates.filter((state) => state !== "revoked");
