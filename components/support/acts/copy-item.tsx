"use client";

import { useState, useSyncExternalStore } from "react";

type Props = { text: string; label: string; copiedLabel: string; className: string };

const never = () => () => {};

// In a menu: absent until it can work, and says that it did in its own place.
export function CopyItem({ text, label, copiedLabel, className }: Props) {
  const [copied, setCopied] = useState(false);
  const able = useSyncExternalStore(
    never,
    () => !!navigator.clipboard,
    () => false,
  );
  if (!able) return null;
  return (
    <button
      type="button"
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
      onBlur={() => setCopied(false)}
      className={className}
    >
      <span aria-live="polite">{copied ? copiedLabel : label}</span>
    </button>
  );
}
