import { useNeonBridge } from "./neon-bridge";

// Loaded before the product in a process that a test starts on Neon's route.
useNeonBridge(process.env.TEST_NEON_BRIDGE ?? "");
