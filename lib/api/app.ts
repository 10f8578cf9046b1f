import { OpenAPIHono } from "@hono/zod-openapi";
import { methodNotAllowed } from "hono/method-not-allowed";
import { describe } from "./describe";
import { refuseKeyInAddress } from "./key-in-address";
import { problem, problemOf } from "./problem";
import { accessRoutes } from "./routes/access";
import { connectLinks } from "./routes/connect-links";
import { connectionActs } from "./routes/connection-acts";
import { connections } from "./routes/connections";
import { events } from "./routes/events";
import { imports } from "./routes/import";
import { merchants } from "./routes/merchants";
import { providers } from "./routes/providers";
import { proxy } from "./routes/proxy";
import { readiness } from "./routes/readiness";

/** The backends' API: one handler, mounted on the plain listener by server.ts and in a Next route for servers without it. */
export const api = new OpenAPIHono({
  defaultHook: (result) => {
    if (!result.success) throw result.error;
  },
}).basePath("/api/v1");

api.use(
  methodNotAllowed({
    app: api,
    onMethodNotAllowed: (_context, methods) => problem(405, "method_not_allowed", {}, { allow: methods.join(", ") }),
  }),
);
api.use(refuseKeyInAddress);

api.route("/", readiness);
api.route("/", accessRoutes);
api.route("/", connections);
api.route("/", connectLinks);
api.route("/", imports);
api.route("/", connectionActs);
api.route("/", merchants);
api.route("/", providers);
api.route("/", events);
api.route("/", proxy);

describe(api);

api.onError(problemOf);
api.notFound(() => problem(404, "not_found"));
