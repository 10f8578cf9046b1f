import { useTranslations } from "next-intl";
import { Disclosure } from "@/components/ui/disclosure";
import { Section } from "./section";

export function ErrorList({ errors }: { errors: readonly { code: string; text: string }[] }) {
  const t = useTranslations("providers.errors");
  return (
    <Section id="errors-title" title={t("title")}>
      <Disclosure summary={t("show", { n: errors.length })}>
        <dl className="divide-y divide-line">
          {errors.map(({ code, text }) => (
            <div key={code} className="py-2">
              <dt>
                <code dir="ltr" className="text-sm text-muted">
                  {code}
                </code>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </Disclosure>
    </Section>
  );
}
