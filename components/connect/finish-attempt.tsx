"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";

type Props = {
  attemptId: string;
  // absent: there is nothing to do but to look whether the platform sent somebody back
  action?: (form: FormData) => Promise<void>;
  children?: ReactNode;
};

const LOOK_MS = 2_000;
/** Asking again is harmless, since the work is claimed by one; it helps where a first try had to wait. */
const LOOKS_PER_TRY = 5;

// With a script the page finishes by itself and follows; without one, its button does.
export function FinishAttempt({ attemptId, action, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [following, setFollowing] = useState(false);
  const router = useRouter();
  useEffect(() => {
    setFollowing(true);
    form.current?.requestSubmit();
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      if (form.current && looks % LOOKS_PER_TRY === 0) form.current.requestSubmit();
      else router.refresh();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [router]);
  if (!action) return null;
  return (
    <form ref={form} action={action} hidden={following}>
      <input type="hidden" name="attemptId" value={attemptId} />
      <input type="hidden" name="following" value={following ? "1" : ""} />
      {children}
    </form>
  );
}
