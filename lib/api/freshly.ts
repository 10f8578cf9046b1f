import { createMiddleware } from "hono/factory";
import { freshOffers } from "@/lib/offers/fresh-offers";

/** The platforms and their pauses as the database has them, for routes that judge or show by them. */
export const freshly = createMiddleware(async (_context, next) => {
  await freshOffers();
  await next();
});
