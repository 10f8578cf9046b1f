import { connection } from "next/server";
import type { ReactNode } from "react";
import { demoBanner } from "@/app/demo-banner";
import { PlainFrame } from "@/components/shell/plain-frame";

export default async function DocsLayout({ children }: { children: ReactNode }) {
  // It says at which address this Latchkey is, which a build does not know.
  await connection();
  return (
    <PlainFrame wide banner={demoBanner()}>
      {children}
    </PlainFrame>
  );
}
