import { connection } from "next/server";
import type { ReactNode } from "react";
import { demoBanner } from "@/app/demo-banner";
import { PlainFrame } from "@/components/shell/plain-frame";

// For whoever came by a connect link and has no account: nothing in this frame leads to the rest of the product.
export default async function LinkLayout({ children }: { children: ReactNode }) {
  // A build knows no configuration: without this it may come here before anything says that a visitor is needed.
  await connection();
  return (
    <PlainFrame home={false} banner={demoBanner()}>
      {children}
    </PlainFrame>
  );
}
