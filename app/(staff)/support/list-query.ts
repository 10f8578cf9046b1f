import { asksNothing, builtInViews, criteriaOf, criteriaQuery, type ListQuery } from "@/lib/connections/criteria";

/** What a page's address asks for; where that is nothing, what needs somebody. */
export function listQuery(asked: ListQuery): ListQuery {
  const criteria = criteriaOf(asked);
  const shown = criteriaQuery(asksNothing(criteria) ? builtInViews.attention : criteria);
  return { after: asked.after, before: asked.before, ...Object.fromEntries(shown) };
}

/** The same of a request. */
export function requestQuery(request: Request): ListQuery {
  const { searchParams } = new URL(request.url);
  return listQuery(Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)])));
}
