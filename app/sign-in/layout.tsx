import type { ReactNode } from "react";
import { DemoBanner } from "@/components/shell/demo-banner";
import { PlainFrame } from "@/components/shell/plain-frame";
import { env } from "@/lib/env";

export default function SignInLayout({ children }: { children: ReactNode }) {
  return (
    <PlainFrame narrow banner={env().LATCHKEY_DEMO && <DemoBanner />}>
      {children}
    </PlainFrame>
  );
}
