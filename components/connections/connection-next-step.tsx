import type { ReactNode } from "react";
import type { ConnectionView } from "@/lib/connections/view";
import { NextAction } from "./next-action";
import type { Audience } from "./state-words";

type Props = { connection: ConnectionView; audience: Audience; now: Date; action?: ReactNode; lead?: boolean };

// Who has to act, with the date that this turns on.
export function ConnectionNextStep({ connection, audience, now, action, lead }: Props) {
  const date = turningPoint(connection) ?? undefined;
  return <NextAction state={connection.state} audience={audience} date={date} now={now} action={action} lead={lead} />;
}

function turningPoint({ state, renewsAt, ownerEndAt, lastDayAt }: ConnectionView): Date | null {
  switch (state) {
    case "healthy":
    case "refresh_failing":
      return renewsAt;
    case "expiring_soon":
      return ownerEndAt;
    case "expired_renewable":
      return lastDayAt;
    default:
      return null;
  }
}
