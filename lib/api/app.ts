import { OpenAPIHono } from "@hono/zod-openapi";
import { methodNotAllowed } from "hono/method-not-allowed";
import { refuseKeyInAddress } from "./key-in-address";
import { problem, problemOf } from "./problem";
import { accessRoutes } from "./routes/access";
import { connectLinks } from "./routes/connect-links";
import { connections } from "./routes/connections";
import { readiness } from "./routes/readiness";

/** The backends' API: one handler, mounted on the plain listener by server.ts and in a Next route for servers without it. */
export const api = new OpenAPIHono().basePath("/api/v1");

api.use(
  methodNotAllowed({
    app: api,
    onMethodNotAllowed: (_context, methods) => problem(405, "method_not_allowed", {}, { allow: methods.join(", ") }),
  }),
);
api.use(refuseKeyInAddress);

api.openAPIRegistry.registerComponent("securitySchemes", "key", {
  type: "http",
  scheme: "bearer",
  description: "A key of Latchkey's: `lk_…`",
});

api.route("/", readiness);
api.route("/", accessRoutes);
api.route("/", connections);
api.route("/", connectLinks);

api.doc31("/openapi.json", {
  openapi: "3.1.0",
  info: { title: "Latchkey", version: "1", description: "Merchants' store connections, and access to them that works now." },
});

api.onError(problemOf);
api.notFound(() => problem(404, "not_found"));
