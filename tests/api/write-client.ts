import { writeFileSync } from "node:fs";
import { clientNow, clientPlace } from "./client-now";

// `npm run client`: after a route or a shape has changed.
writeFileSync(clientPlace, clientNow());
