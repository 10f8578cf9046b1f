import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { Disclosure } from "@/components/ui/disclosure";
import type { ReferenceOperation } from "@/lib/api/reference";
import { referenceWords as words } from "@/lib/api/reference-words";
import { CodeBlock } from "./code-block";
import { FieldList } from "./field-list";
import { Prose } from "./prose";
import { ShapeLink } from "./shape-link";

// One thing that the API does, with a call to copy.
export function Operation({ operation }: { operation: ReferenceOperation }) {
  const { id, method, path, summary, text, scope, parameters, body, answers, call } = operation;
  return (
    <Card id={id} aria-labelledby={`${id}-title`} className="scroll-mt-4">
      <h3 id={`${id}-title`} className="text-base font-semibold">
        {summary}
      </h3>
      <p className="mt-1 font-mono text-sm wrap-anywhere">
        <strong className="font-semibold">{method}</strong> {path}
      </p>
      {text && (
        <p className="mt-3 max-w-prose">
          <Prose text={text} />
        </p>
      )}
      {scope && (
        <p className="mt-2 text-sm text-muted">
          {words.needs} <code className="font-mono text-xs text-ink">{scope}</code>
        </p>
      )}
      {parameters.length > 0 && (
        <Part title={words.parameters}>
          <FieldList fields={parameters} />
        </Part>
      )}
      {body.length > 0 && (
        <Part title={words.body}>
          <FieldList fields={body} />
        </Part>
      )}
      <Part title={words.call}>
        <CodeBlock text={call} />
      </Part>
      <Part title={words.answers}>
        <Answers answers={answers} />
      </Part>
    </Card>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-5">
      <h4 className="mb-1.5 text-sm font-semibold">{title}</h4>
      {children}
    </div>
  );
}

function Answers({ answers }: Pick<ReferenceOperation, "answers">) {
  return (
    <ul className="divide-y divide-line">
      {answers.map(({ status, text, shape, fields, example }) => (
        <li key={status} className="py-2 text-sm">
          <p className="flex flex-wrap items-center gap-x-3">
            <strong className="font-mono font-semibold">{status}</strong>
            <span className="min-w-0 wrap-anywhere">
              <Prose text={text} />
            </span>
            {shape && <ShapeLink shape={shape} />}
          </p>
          {fields.length > 0 && <FieldList fields={fields} />}
          {example && (
            <Disclosure size="small" summary={words.example}>
              <CodeBlock text={example} />
            </Disclosure>
          )}
        </li>
      ))}
    </ul>
  );
}
