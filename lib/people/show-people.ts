import { database } from "@/db/client";
import { listPendingInvitations } from "@/db/invitations";
import { findMerchant, someMerchants } from "@/db/merchants";
import { listPeople, type PeoplePlace } from "@/db/people";
import type { Actor, UserActor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { isId } from "@/lib/ids";
import { type MerchantChoice, merchantChoices } from "./merchant-choices";
import { type PeopleCriteria, peopleCriteriaOf } from "./people-criteria";
import { type Person, roleShown, toPerson } from "./person-view";

const PAGE = 50;

export type Invitation = { id: string; email: string; role: UserActor["role"]; merchantName: string | null; expiresAt: Date };
export type People = {
  people: Person[];
  /** The persons that the pages beside this one go on from. */
  previous: string | null;
  next: string | null;
  invitations: Invitation[];
  /** Those that fit what was typed, or the first ones. */
  merchants: MerchantChoice[];
  /** Whom a form can offer; null: there are too many to choose from, so a merchant is typed. */
  choices: MerchantChoice[] | null;
  /** The merchant whose people these are. */
  of: { id: string; name: string } | null;
};

type Query = Record<string, string | undefined>;

function placeOf({ after, before }: Query): PeoplePlace {
  if (before && isId(before)) return { before };
  return after && isId(after) ? { after } : null;
}

const filterOf = ({ q, role, merchant }: PeopleCriteria) => ({
  text: q || null,
  role: role === "merchant" ? ("member" as const) : role,
  merchantId: merchant,
});

/** A page of those with access, by e-mail address, the newest open invitations and the first merchants or those that fit what was typed. */
export async function showPeople(actor: Actor, query: Query = {}, limit = PAGE): Promise<People> {
  authorize(actor, "people.manage");
  const db = database();
  const criteria = peopleCriteriaOf(query);
  const place = placeOf(query);
  const back = place !== null && "before" in place;
  const [found, invitations, choices, named, of] = await Promise.all([
    listPeople(db, filterOf(criteria), place, limit + 1),
    listPendingInvitations(db, criteria.merchant, PAGE),
    merchantChoices(db),
    someMerchants(db, criteria.q || null, PAGE),
    criteria.merchant ? findMerchant(db, criteria.merchant) : null,
  ]);
  const more = found.length > limit;
  const shown = back ? found.slice(-limit) : found.slice(0, limit);
  return {
    people: shown.map(toPerson),
    previous: (back ? more : place !== null) ? (shown[0]?.id ?? null) : null,
    next: (back ? shown.length > 0 : more) ? (shown.at(-1)?.id ?? null) : null,
    invitations: invitations.map(({ id, email, role, merchantName, expiresAt }) => ({
      id,
      email,
      merchantName,
      expiresAt,
      role: roleShown(role),
    })),
    merchants: named.map(({ id, name, externalId }) => ({ id, name, externalId })),
    choices,
    of: of && { id: of.id, name: of.name },
  };
}
