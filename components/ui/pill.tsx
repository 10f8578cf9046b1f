import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { type Tone, toneClass } from "./tone";

type Props = { tone: Tone; icon: LucideIcon; strokeWidth?: number; className?: string; children: ReactNode };

// How something stands: always a word beside the icon, never a colour alone.
export function Pill({ tone, icon: Icon, strokeWidth = 2, className = "", children }: Props) {
  return (
    <span className={`pill ${className} ${toneClass[tone]}`}>
      <Icon size={14} strokeWidth={strokeWidth} aria-hidden="true" />
      {children}
    </span>
  );
}
