import { headers } from "next/headers";
import { type ReactNode, Suspense } from "react";

type Props = { skeleton: ReactNode; children: ReactNode };

// A skeleton until its content is there, while a reader moves about inside the app. A whole document is answered whole:
// what comes after the shell is put in its place by a script, which not every reader has.
export async function WhenReady({ skeleton, children }: Props) {
  const inside = (await headers()).get("sec-fetch-dest") === "empty";
  return inside ? <Suspense fallback={skeleton}>{children}</Suspense> : children;
}
