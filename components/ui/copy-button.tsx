"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { buttonClass } from "./button";

type Props = {
  text: string;
  label: string;
  copiedLabel: string;
  // its label is to be read, not only heard
  worded?: boolean;
};

const bare =
  "noscript:hidden relative inline-flex size-7 items-center before:absolute before:-inset-2 justify-center rounded-md text-muted hover:bg-surface-sunken hover:text-ink";

const never = () => () => {};

// Small to see and large to press. Absent where it cannot work: without JavaScript, or without a clipboard, there is nothing to press. Nothing
// moves when scripts arrive.
export function CopyButton({ text, label, copiedLabel, worded = false }: Props) {
  const [copied, setCopied] = useState(false);
  const able = useSyncExternalStore(
    never,
    () => !!navigator.clipboard,
    () => true,
  );
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 6000);
    return () => clearTimeout(timer);
  }, [copied]);
  if (!able) return null;
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      {...(!worded && { title: label, "aria-label": label })}
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
      className={worded ? `${buttonClass({ tone: "quiet", size: "small" })} noscript:hidden` : bare}
    >
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      {worded && label}
      <span role="status" className="sr-only">
        {copied && copiedLabel}
      </span>
    </button>
  );
}
