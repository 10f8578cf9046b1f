import type { ReactNode } from "react";
import { signOutAction } from "@/app/sign-out-action";
import { DemoBanner } from "@/components/shell/demo-banner";
import { StaffFrame } from "@/components/shell/staff-frame";
import { requireActor } from "@/lib/auth/session";
import { env } from "@/lib/env";

// A frame, not a guard: each page still asks for its own operation.
export default async function StaffLayout({ children }: { children: ReactNode }) {
  const { name, email, role } = await requireActor("support.search");
  return (
    <StaffFrame actor={{ name, email, role }} signOut={signOutAction} banner={env().LATCHKEY_DEMO && <DemoBanner />}>
      {children}
    </StaffFrame>
  );
}
