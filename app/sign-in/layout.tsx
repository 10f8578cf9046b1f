import { connection } from "next/server";
import type { ReactNode } from "react";
import { DemoBanner } from "@/components/shell/demo-banner";
import { PlainFrame } from "@/components/shell/plain-frame";
import { env } from "@/lib/env";

export default async function SignInLayout({ children }: { children: ReactNode }) {
  // A build knows no configuration: without this it may come here before anything says that a visitor is needed.
  await connection();
  return (
    <PlainFrame narrow banner={env().LATCHKEY_DEMO && <DemoBanner />}>
      {children}
    </PlainFrame>
  );
}
