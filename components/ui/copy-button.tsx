"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";

type Props = { text: string; label: string; copiedLabel: string };

const never = () => () => {};

// Small to see and large to press. Absent until it can work: without JavaScript, or without a clipboard, there is nothing to press.
export function CopyButton({ text, label, copiedLabel }: Props) {
  const [copied, setCopied] = useState(false);
  const able = useSyncExternalStore(
    never,
    () => !!navigator.clipboard,
    () => false,
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
      title={label}
      aria-label={label}
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
      className="relative inline-flex size-7 items-center before:absolute before:-inset-2 justify-center rounded-md text-muted hover:bg-surface-sunken hover:text-ink"
    >
      <Icon size={14} aria-hidden="true" />
      <span role="status" className="sr-only">
        {copied && copiedLabel}
      </span>
    </button>
  );
}
