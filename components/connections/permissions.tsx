import { useTranslations } from "next-intl";
import type { ConnectionView } from "@/lib/connections/view";
import { platformText } from "./platform-text";

// What the owner allowed, in plain words; the platform's own names stand among the facts.
export function Permissions({ connection }: { connection: ConnectionView }) {
  const platforms = useTranslations("platforms");
  const lines = ["allows1", "allows2", "allows3"].map((key) => platformText(platforms, connection.provider, key));
  return <ul className="list-disc space-y-1 ps-5">{lines.map((line) => line && <li key={line}>{line}</li>)}</ul>;
}
