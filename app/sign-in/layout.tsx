import { connection } from "next/server";
import type { ReactNode } from "react";
import { demoBanner } from "@/app/demo-banner";
import { PlainFrame } from "@/components/shell/plain-frame";

export default async function SignInLayout({ children }: { children: ReactNode }) {
  // A build knows no configuration: without this it may come here before anything says that a visitor is needed.
  await connection();
  return (
    <PlainFrame narrow banner={demoBanner()}>
      {children}
    </PlainFrame>
  );
}
