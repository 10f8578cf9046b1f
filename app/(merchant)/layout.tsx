import type { ReactNode } from "react";
import { demoBanner } from "@/app/demo-banner";
import { signOutAction } from "@/app/sign-out-action";
import { MerchantFrame } from "@/components/shell/merchant-frame";
import { requireActor } from "@/lib/auth/session";

// A frame, not a guard: each page still asks for its own operation. No page in here has a loading.tsx: without
// JavaScript its grey shapes would stay, because only a script puts the page in their place (WhenReady knows).
export default async function MerchantLayout({ children }: { children: ReactNode }) {
  const { name, email, role } = await requireActor();
  return (
    <MerchantFrame actor={{ name, email, role }} signOut={signOutAction} banner={demoBanner()}>
      {children}
    </MerchantFrame>
  );
}
