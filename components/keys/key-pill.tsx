import { Ban, CircleCheck, CircleOff, Clock, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Pill } from "@/components/ui/pill";
import type { KeyState } from "@/lib/keys/key-state";

const look = {
  good: { tone: "positive", icon: CircleCheck },
  ends_soon: { tone: "warning", icon: Clock },
  expired: { tone: "neutral", icon: CircleOff },
  revoked: { tone: "neutral", icon: Ban },
  exposed: { tone: "critical", icon: TriangleAlert },
} as const;

export function KeyPill({ state }: { state: KeyState }) {
  const t = useTranslations("keys.state");
  return <Pill {...look[state]}>{t(state)}</Pill>;
}
