import { Card } from "@/components/ui/card";
import type { Reference } from "@/lib/api/reference";
import { referenceWords as words } from "@/lib/api/reference-words";
import { FieldList } from "./field-list";
import { Operation } from "./operation";
import { Prose } from "./prose";

const placeOf = (group: string) => `about-${group.toLowerCase().replaceAll(" ", "-")}`;
const link = "inline-flex min-h-11 items-center wrap-anywhere hover:underline sm:min-h-8";

// All of the API on one page, so that the browser's own search finds everything in it. It is English, whatever is around it.
export function ApiReference({ reference, contents }: { reference: Reference; contents: string }) {
  const { text, groups, shapes } = reference;
  return (
    <div lang="en" dir="ltr">
      <p className="max-w-prose">
        <Prose text={text} />
      </p>
      <nav aria-label={contents} className="mt-6 grid gap-x-8 gap-y-4 border-y border-line py-5 sm:grid-cols-2 rail:grid-cols-3">
        {groups.map(({ name, operations }) => (
          <div key={name}>
            <p className="text-sm font-semibold">
              <a href={`#${placeOf(name)}`} className={link}>
                {name}
              </a>
            </p>
            <ul className="text-sm text-muted">
              {operations.map(({ id, summary }) => (
                <li key={id}>
                  <a href={`#${id}`} className={link}>
                    {summary}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      {groups.map(({ name, text: about, operations }) => (
        <section key={name} className="mt-10">
          <h2 id={placeOf(name)} className="scroll-mt-4 text-lg font-semibold">
            {name}
          </h2>
          {about && <p className="mt-1 text-muted">{about}</p>}
          <div className="mt-4 space-y-4">
            {operations.map((operation) => (
              <Operation key={operation.id} operation={operation} />
            ))}
          </div>
        </section>
      ))}
      <section className="mt-10">
        <h2 id="shapes" className="text-lg font-semibold">
          {words.shapes}
        </h2>
        <div className="mt-4 space-y-4">
          {shapes.map(({ name, fields }) => (
            <Card key={name} id={`shape-${name}`} className="scroll-mt-4">
              <h3 className="font-mono text-base font-semibold">{name}</h3>
              <FieldList fields={fields} />
            </Card>
          ))}
        </div>
      </section>
    </div>
  );
}
