import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { type Operation, reach } from "@/lib/auth/permissions";
import { requireActor } from "@/lib/auth/session";

/** A page's title, or that of its refusal: Next would give the title of a page that is not there to any refusal thrown from metadata. */
export async function titleFor(operation: Operation, title: string): Promise<Metadata> {
  const allowed = reach(await requireActor(), operation) !== "no";
  return { title: allowed ? title : (await getTranslations("errors.forbidden"))("title") };
}
