"use client";

import { lazy } from "react";
import "./globals.css";

// By itself, so that no other page carries it: this one is for a day when the root layout fails.
const WholePage = lazy(() => import("@/components/shell/broken-document").then(({ BrokenDocument }) => ({ default: BrokenDocument })));

export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return <WholePage error={error} retry={retry} />;
}
