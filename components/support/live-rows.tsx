"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useSyncExternalStore, useTransition } from "react";
import { buttonClass } from "@/components/ui/button";

type Props = { version: string; query: string; pause: string; resume: string };

const EVERY_MS = 5_000;
const never = () => () => {};

// What others do shows within seconds. Asked for while somebody looks, and drawn anew only when something of it changed: what has the focus
// and what is ticked stays so.
export function LiveRows({ version, query, pause, resume }: Props) {
  const router = useRouter();
  const [paused, setPaused] = useState(false);
  const [, begin] = useTransition();
  const scripted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

  useEffect(() => {
    if (paused) return;
    let asking = false;
    let over = false;
    const look = async () => {
      const busy = document.getElementById("results")?.getAttribute("aria-busy") === "true";
      if (asking || busy || document.visibilityState !== "visible") return;
      asking = true;
      const answer = await fetch(`/support/version?${query}`, { cache: "no-store" }).catch(() => null);
      const told: { version?: string } | null = answer?.ok ? await answer.json().catch(() => null) : null;
      asking = false;
      if (!over && told?.version && told.version !== version) begin(() => router.refresh());
    };
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      over = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [paused, query, router, version]);

  // It has its place before it can work, so that nothing moves.
  const className = `${buttonClass({ tone: "quiet", size: "small" })} ${scripted ? "" : "invisible"}`;
  return (
    <button type="button" onClick={() => setPaused(!paused)} className={className}>
      {paused ? resume : pause}
    </button>
  );
}
