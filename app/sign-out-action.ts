"use server";

import { redirect } from "next/navigation";
import { assertSameOrigin } from "@/lib/auth/origin";
import { signOut } from "@/lib/auth/sign-out";

/** For the account menu of every frame. */
export async function signOutAction(): Promise<void> {
  await assertSameOrigin();
  await signOut();
  redirect("/sign-in?notice=signed_out");
}
