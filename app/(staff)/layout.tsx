import type { ReactNode } from "react";
import { demoBanner } from "@/app/demo-banner";
import { signOutAction } from "@/app/sign-out-action";
import { IncidentBanner } from "@/components/shell/incident-banner";
import { SilenceBanner } from "@/components/shell/silence-banner";
import { StaffFrame } from "@/components/shell/staff-frame";
import { requireActor } from "@/lib/auth/session";
import { openIncidents } from "@/lib/connections/open-incidents";
import { workerSilence } from "@/lib/health/worker-silence";

// A frame, not a guard: each page still asks for its own operation.
export default async function StaffLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor("support.search");
  const { name, email, role } = actor;
  const [silence, incidents] = await Promise.all([workerSilence(actor), openIncidents(actor)]);
  return (
    <StaffFrame actor={{ name, email, role }} signOut={signOutAction} banner={demoBanner()}>
      <SilenceBanner silence={silence} admin={role === "admin"} />
      <IncidentBanner incidents={incidents} />
      {children}
    </StaffFrame>
  );
}
