"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { buttonClass } from "@/components/ui/button";

type Props = { text: string; label: string; copiedLabel: string };

const never = () => () => {};

// A button of words. Absent until it can work; what it copies is there to be read as well.
export function CopyText({ text, label, copiedLabel }: Props) {
  const [copied, setCopied] = useState(false);
  const able = useSyncExternalStore(
    never,
    () => !!navigator.clipboard,
    () => false,
  );
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 6_000);
    return () => clearTimeout(timer);
  }, [copied]);
  if (!able) return null;
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
      className={buttonClass({ tone: "quiet", size: "small" })}
    >
      <Icon size={14} aria-hidden="true" className="shrink-0" />
      {label}
      <span role="status" className="sr-only">
        {copied && copiedLabel}
      </span>
    </button>
  );
}
