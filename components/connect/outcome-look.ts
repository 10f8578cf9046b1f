import {
  Ban,
  CircleCheck,
  CircleHelp,
  CircleSlash,
  CloudOff,
  Hourglass,
  type LucideIcon,
  RefreshCw,
  Replace,
  ShieldAlert,
  ShieldCheck,
  Split,
  TriangleAlert,
} from "lucide-react";
import type { Tone } from "@/components/ui/tone";
import type { AttemptView } from "@/lib/connections/show-attempt";

type Stored = NonNullable<AttemptView["outcome"]>;

/** The stored outcomes, and one that is told apart by its cause: the code had been used, or had run out at the platform. */
export type Outcome = Stored | "used";

type Look = {
  tone: Tone;
  icon: LucideIcon;
  // the one next step
  next: "store" | "tryAgain" | "startAgain" | "tryLater" | "mine" | "newer" | "choose";
};

export const outcomeLook: Record<Outcome, Look> = {
  connected: { tone: "positive", icon: CircleCheck, next: "store" },
  renewed: { tone: "positive", icon: RefreshCw, next: "store" },
  different_account: { tone: "warning", icon: Split, next: "choose" },
  held_elsewhere: { tone: "warning", icon: ShieldAlert, next: "mine" },
  denied: { tone: "neutral", icon: Ban, next: "tryAgain" },
  nothing: { tone: "neutral", icon: CircleSlash, next: "tryAgain" },
  timed_out: { tone: "neutral", icon: Hourglass, next: "startAgain" },
  used: { tone: "neutral", icon: Hourglass, next: "startAgain" },
  not_matched: { tone: "warning", icon: CircleHelp, next: "startAgain" },
  replaced: { tone: "neutral", icon: Replace, next: "newer" },
  cancelled: { tone: "neutral", icon: CircleSlash, next: "startAgain" },
  refused: { tone: "critical", icon: TriangleAlert, next: "tryAgain" },
  unreachable: { tone: "warning", icon: CloudOff, next: "tryAgain" },
  our_fault: { tone: "critical", icon: TriangleAlert, next: "tryLater" },
  abandoned: { tone: "neutral", icon: ShieldCheck, next: "tryAgain" },
};

export function outcomeOf({ outcome, troubleCode }: { outcome: Stored; troubleCode: string | null }): Outcome {
  return outcome === "timed_out" && troubleCode === "code_refused" ? "used" : outcome;
}
