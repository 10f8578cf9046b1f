import { DemoBanner } from "@/components/shell/demo-banner";
import { env } from "@/lib/env";

/** Above every page of a demo, and nothing elsewhere. */
export function demoBanner() {
  const { LATCHKEY_DEMO, LATCHKEY_DEMO_DESK } = env();
  return LATCHKEY_DEMO && <DemoBanner desk={LATCHKEY_DEMO_DESK ?? null} />;
}
