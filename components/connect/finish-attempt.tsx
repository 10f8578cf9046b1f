"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, startTransition, useEffect, useEffectEvent, useState } from "react";

type Props = {
  attemptId: string;
  // the connect link that it was begun with
  link?: string | null;
  // absent: there is nothing to do but to look whether the platform sent somebody back
  action?: (form: FormData) => Promise<void>;
  children?: ReactNode;
};

const LOOK_MS = 2_000;
/** Asking again is harmless, since the work is claimed by one; it helps where a first try had to wait. */
const LOOKS_PER_TRY = 5;

// With a script the page finishes by itself and follows; without one, its button does.
export function FinishAttempt({ attemptId, link = null, action, children }: Props) {
  const [following, setFollowing] = useState(false);
  const router = useRouter();
  // An event, since every look brings an action of another identity, which must not start the effect anew.
  const finish = useEffectEvent(() => {
    const form = new FormData();
    form.set("attemptId", attemptId);
    form.set("following", "1");
    if (link) form.set("link", link);
    startTransition(() => action?.(form));
  });
  useEffect(() => {
    setFollowing(true);
    finish();
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      if (looks % LOOKS_PER_TRY === 0) finish();
      else router.refresh();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [router]);
  if (!action) return null;
  return (
    <form action={action} hidden={following}>
      <input type="hidden" name="attemptId" value={attemptId} />
      {link && <input type="hidden" name="link" value={link} />}
      {children}
    </form>
  );
}
