import { forbidden, notFound } from "next/navigation";
import { ZodError } from "zod";
import { AppError } from "@/lib/errors";

/** For pages and actions, before the first byte: what a verb throws as 404 or 403 becomes that page with that status. */
export async function decided<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    if (error instanceof AppError && error.status === 403) forbidden();
    // Only somebody who writes our forms by hand sends what no form of ours can hold.
    if (error instanceof ZodError) notFound();
    throw error;
  }
}
