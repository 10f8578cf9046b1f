import { TriangleAlert } from "lucide-react";
import type { RevokeParts } from "./revoke-parts";

// What ends, at this very platform, and with what else. In the dialog as on the page, so it needs no translator.
export function RevokeWarning({ final, consequences, siblings }: Pick<RevokeParts, "final" | "consequences" | "siblings">) {
  return (
    <div className="flex items-start gap-3 rounded-lg border border-warning/40 bg-warning-surface p-4">
      <TriangleAlert size={20} aria-hidden="true" className="mt-0.5 shrink-0 text-warning" />
      <div className="min-w-0 grow space-y-2">
        <p className="font-semibold text-warning">{final}</p>
        {consequences && <p>{consequences}</p>}
        {siblings && (
          <>
            <p className="font-medium">{siblings.title}</p>
            <ul className="list-disc space-y-1 ps-5">
              {siblings.stores.map(({ href, text }) => (
                <li key={href}>
                  <a href={href} className="link">
                    {text}
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
