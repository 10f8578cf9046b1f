import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleQuestionMark,
  ClockAlert,
  Hourglass,
  type LucideIcon,
  RefreshCw,
  RefreshCwOff,
  TimerReset,
  Unplug,
} from "lucide-react";
import type { Tone } from "@/components/ui/tone";

export type State =
  | "revoked"
  | "pending"
  | "needs_reconnect"
  | "expired_renewable"
  | "refresh_failing"
  | "renewal_late"
  | "expiring_soon"
  | "unknown"
  | "renewing"
  | "healthy";

export type Audience = "merchant" | "staff";

export const stateLook: Record<State, { tone: Tone; icon: LucideIcon }> = {
  revoked: { tone: "neutral", icon: Ban },
  pending: { tone: "info", icon: CircleDashed },
  needs_reconnect: { tone: "critical", icon: Unplug },
  expired_renewable: { tone: "critical", icon: TimerReset },
  refresh_failing: { tone: "warning", icon: RefreshCwOff },
  renewal_late: { tone: "warning", icon: ClockAlert },
  expiring_soon: { tone: "warning", icon: Hourglass },
  unknown: { tone: "neutral", icon: CircleQuestionMark },
  renewing: { tone: "info", icon: RefreshCw },
  healthy: { tone: "positive", icon: CircleCheck },
};

// A merchant reads five words: what only we can mend is "Working" or "Interrupted", never a demand on them.
export const merchantWord = {
  revoked: "revoked",
  pending: "needs_you",
  needs_reconnect: "needs_you",
  expired_renewable: "interrupted",
  refresh_failing: "working",
  renewal_late: "working",
  expiring_soon: "needs_you",
  unknown: "not_checked",
  renewing: "working",
  healthy: "working",
} as const satisfies Record<State, string>;
