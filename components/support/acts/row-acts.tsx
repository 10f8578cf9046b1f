"use client";

import { useActionState } from "react";
import type { Told } from "@/components/support/act-form";
import { Notice } from "@/components/ui/notice";

type Props = { action: (before: Told | null, form: FormData) => Promise<Told | null>; working: string };

// What the menus of a list's rows post to, once for all of them, and what came of the last act.
export function RowActs({ action, working }: Props) {
  const [told, act, pending] = useActionState(action, null);
  return (
    <form
      id="row-acts"
      action={act}
      onSubmit={() => {
        for (const menu of document.querySelectorAll<HTMLElement>(":popover-open")) menu.hidePopover();
      }}
    >
      <div role="status" className={pending || told ? "mb-3" : ""}>
        {pending && <p className="text-muted">{working}</p>}
        {told && !pending && (
          <Notice tone={told.tone}>
            {told.about && <bdi className="font-medium">{told.about}:</bdi>} {told.text}
          </Notice>
        )}
      </div>
    </form>
  );
}
