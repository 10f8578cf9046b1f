import { monitoring } from "@/lib/telemetry/monitoring";

export const dynamic = "force-dynamic";

export const GET = (request: Request) => monitoring.fetch(request);
