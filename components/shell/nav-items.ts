import { Bell, Boxes, FileClock, HeartPulse, Import, KeyRound, type LucideIcon, Plus, Search, Store, Users } from "lucide-react";
import type { ActorSummary } from "./actor-summary";

type Place = "connections" | "connect" | "support" | "health" | "providers" | "alerts" | "keys" | "audit" | "people" | "import";
type NavItem = { place: Place; href: `/${Place}`; icon: LucideIcon };

const merchant: NavItem[] = [
  { place: "connections", href: "/connections", icon: Store },
  { place: "connect", href: "/connect", icon: Plus },
];
// Staff have no stores of their own.
const support: NavItem[] = [{ place: "support", href: "/support", icon: Search }];
const admin: NavItem[] = [
  ...support,
  { place: "health", href: "/health", icon: HeartPulse },
  { place: "providers", href: "/providers", icon: Boxes },
  { place: "alerts", href: "/alerts", icon: Bell },
  { place: "keys", href: "/keys", icon: KeyRound },
  { place: "audit", href: "/audit", icon: FileClock },
  { place: "people", href: "/people", icon: Users },
  { place: "import", href: "/import", icon: Import },
];

// A convenience, not a permission: the pages behind these links decide for themselves.
export function navItems(role: ActorSummary["role"]): NavItem[] {
  return { merchant, support, admin }[role];
}
