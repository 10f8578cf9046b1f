"use client";

import { Maximize, Pause, Play, RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore, useTransition } from "react";
import { buttonClass } from "@/components/ui/button";

type Words = { every: string; paused: string; pause: string; resume: string; refresh: string; old: string; fullScreen: string };
type Props = {
  /** The moment that the numbers are of, in milliseconds: each new one is a page that arrived. */
  asOf: number;
  everyS: number;
  href: string;
  locale: string;
  wall: boolean;
  words: Words;
  stamp: ReactNode;
};

const never = () => () => {};
const TICK_MS = 5_000;

// Numbers that keep themselves new while somebody looks. Without JavaScript there is the link, which is always there.
export function AutoUpdate({ asOf, everyS, href, locale, wall, words, stamp }: Props) {
  const router = useRouter();
  const [paused, setPaused] = useState(false);
  const [updating, begin] = useTransition();
  const [ageS, setAgeS] = useState(0);
  const arrived = useRef({ asOf, at: 0 });
  const able = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  useEffect(() => {
    arrived.current = { asOf, at: performance.now() };
    setAgeS(0);
  }, [asOf]);
  useEffect(() => {
    let asked = performance.now();
    const look = () => {
      setAgeS((performance.now() - arrived.current.at) / 1_000);
      if (paused || document.hidden || performance.now() - asked < everyS * 1_000) return;
      asked = performance.now();
      begin(() => router.refresh());
    };
    const timer = setInterval(look, TICK_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [paused, everyS, router]);
  const old = ageS >= Math.max(60, everyS * 2);
  const small = buttonClass({ tone: "quiet", size: "small" });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted" aria-busy={updating}>
      {stamp}
      <span role="status" className={old ? "font-medium text-warning" : "sr-only"}>
        {old && `${words.old} ${minutesAgo(ageS, locale)}`}
      </span>
      <a
        href={href}
        className={small}
        onClick={(event) => {
          event.preventDefault();
          begin(() => router.refresh());
        }}
      >
        <RefreshCw size={14} aria-hidden="true" />
        {words.refresh}
      </a>
      {/* All of it has its place before it can work, so that nothing moves. */}
      <span className={able ? "contents" : "invisible contents"}>
        <button type="button" className={small} onClick={() => setPaused(!paused)}>
          {paused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
          {paused ? words.resume : words.pause}
        </button>
        <span>{paused ? words.paused : words.every}</span>
        {wall && (
          <button
            type="button"
            className={small}
            onClick={() => void document.documentElement.requestFullscreen?.().catch(() => undefined)}
          >
            <Maximize size={14} aria-hidden="true" />
            {words.fullScreen}
          </button>
        )}
      </span>
    </div>
  );
}

const minutesAgo = (seconds: number, locale: string): string =>
  new Intl.RelativeTimeFormat(locale, { numeric: "always" }).format(-Math.max(1, Math.floor(seconds / 60)), "minute");
