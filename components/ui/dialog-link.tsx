"use client";

import Link from "next/link";
import type { ComponentProps } from "react";
import { type ButtonLook, buttonClass } from "./button";

type Props = ButtonLook & ComponentProps<typeof Link> & { dialogId: string };

// Leads to a page; where the dialog of that content is at hand, it opens instead.
export function DialogLink({ dialogId, tone, size, className = "", ...rest }: Props) {
  return (
    <Link
      {...rest}
      prefetch={false}
      aria-haspopup="dialog"
      onClick={(event) => {
        const dialog = document.getElementById(dialogId);
        if (!(dialog instanceof HTMLDialogElement) || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        dialog.showModal();
      }}
      className={`${buttonClass({ tone, size })} ${className}`}
    />
  );
}
