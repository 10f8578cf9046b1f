import { redirect } from "next/navigation";
import { requireActor } from "@/lib/auth/session";

const HOMES = { merchant: "/connections", support: "/support", admin: "/health" } as const;

/** Everybody's first page is where their work is. */
export default async function Home(): Promise<never> {
  redirect(HOMES[(await requireActor()).role]);
}
