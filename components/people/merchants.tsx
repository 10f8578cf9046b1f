import Link from "next/link";
import { useTranslations } from "next-intl";
import { SubmitButton } from "@/components/forms/submit-button";
import { TextField } from "@/components/forms/text-field";
import { Card } from "@/components/ui/card";
import type { People } from "@/lib/people/show-people";

type Props = Pick<People, "merchants"> & { create: (form: FormData) => Promise<void>; nameError?: string };

export function Merchants({ merchants, create, nameError }: Props) {
  const t = useTranslations("people.merchants");
  return (
    <Card aria-labelledby="merchants-title">
      <h2 id="merchants-title" className="text-lg font-semibold">
        {t("title")}
      </h2>
      {merchants.length === 0 && <p className="mt-1 text-muted">{t("empty")}</p>}
      <ul className="mt-2 mb-5 divide-y divide-line">
        {merchants.map(({ id, name, externalId }) => (
          <li key={id} className="flex items-baseline justify-between gap-3 py-2">
            <Link
              href={`/people?${new URLSearchParams({ merchant: id })}`}
              prefetch={false}
              className="link inline-flex min-h-6 items-center"
            >
              <bdi>{name}</bdi>
            </Link>
            {externalId && <bdi className="font-mono text-sm text-muted">{externalId}</bdi>}
          </li>
        ))}
      </ul>
      <form action={create} className="grid gap-4 border-t border-line pt-5">
        <TextField id="name" required maxLength={200} autoComplete="off" label={t("name")} error={nameError} />
        <TextField id="externalId" code maxLength={200} autoComplete="off" label={t("externalId")} hint={t("externalIdHint")} />
        <SubmitButton tone="secondary" className="justify-self-start">
          {t("create")}
        </SubmitButton>
      </form>
    </Card>
  );
}
