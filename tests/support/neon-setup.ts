import { inject } from "vitest";
import { useNeonBridge } from "./neon-bridge";

const bridge = inject("neonBridge");
if (!bridge) throw new Error("Neon's route has a bridge.");
useNeonBridge(bridge);
