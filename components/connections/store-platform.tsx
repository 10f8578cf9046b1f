import { useTranslations } from "next-intl";
import type { ConnectionView } from "@/lib/connections/view";
import { Environment } from "./connection-facts";
import { platformLabel } from "./platform-text";

// The platform and, where it is not the live one, the environment.
export function StorePlatform({ connection }: { connection: ConnectionView }) {
  const platforms = useTranslations("platforms");
  const { environment } = connection;
  return (
    <>
      <bdi>{platformLabel(platforms, connection)}</bdi>
      {environment && environment !== "production" && (
        <>
          {" · "}
          <Environment name={environment} />
        </>
      )}
    </>
  );
}

// A store that is not one yet has no page of its own: its attempt has.
export function storeHref({ id, state, attemptId }: Pick<ConnectionView, "id" | "state" | "attemptId">): string {
  return state === "pending" && attemptId ? `/connect/result/${attemptId}` : `/connections/${id}`;
}
