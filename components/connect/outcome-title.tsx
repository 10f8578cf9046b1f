import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { ReferenceNumber } from "@/components/connections/reference-number";
import { type Tone, toneClass } from "@/components/ui/tone";

// The page's h1 under its mark: what became of an attempt, or how far it is. It can take focus, so that it is announced.
export function OutcomeTitle({ tone, icon: Icon, children }: { tone: Tone; icon: LucideIcon; children: ReactNode }) {
  return (
    <>
      <span className={`inline-flex size-12 items-center justify-center rounded-full ${toneClass[tone]}`}>
        <Icon size={24} aria-hidden="true" />
      </span>
      <h1 id="title" tabIndex={-1} className="text-xl font-semibold wrap-anywhere">
        {children}
      </h1>
    </>
  );
}

// What to quote when something went wrong, below everything else.
export function OutcomeReference({ attemptId, children }: { attemptId: string; children?: ReactNode }) {
  return (
    <div className="space-y-2 border-t border-line pt-4">
      <ReferenceNumber value={attemptId} />
      {children}
    </div>
  );
}
