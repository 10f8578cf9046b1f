import type { ReferenceField } from "@/lib/api/reference";
import { referenceWords as words } from "@/lib/api/reference-words";
import { Prose } from "./prose";
import { ShapeLink } from "./shape-link";

export function FieldList({ fields }: { fields: readonly ReferenceField[] }) {
  return (
    <dl className="divide-y divide-line">
      {fields.map(({ name, type, shape, required, text }) => (
        <div key={name} className="grid gap-x-6 gap-y-0.5 py-2.5 sm:grid-cols-[min(14rem,36%)_minmax(0,1fr)]">
          <dt className="font-mono text-sm font-medium wrap-anywhere">{name}</dt>
          <dd className="min-w-0 text-sm">
            <p className="text-muted wrap-anywhere">
              {shape === null ? <span className="font-mono text-xs">{type}</span> : <ShapeLink shape={shape} label={type} />}
              {required && <span className="ms-2 text-xs">{words.required}</span>}
            </p>
            {text && (
              <p className="mt-0.5">
                <Prose text={text} />
              </p>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
