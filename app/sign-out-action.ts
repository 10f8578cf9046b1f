"use server";

import { redirect } from "next/navigation";
import { acting } from "@/app/acting";
import { signOut } from "@/lib/auth/sign-out";

/** For the account menu of every frame. */
export const signOutAction = acting(async () => {
  await signOut();
  redirect("/sign-in?notice=signed_out");
});
