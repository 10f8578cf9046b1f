import { useTranslations } from "next-intl";
import { SelectField } from "@/components/forms/select-field";
import { TextField } from "@/components/forms/text-field";
import { Button } from "@/components/ui/button";
import type { Listed } from "@/lib/connections/list";

// A plain GET form: what was asked for stands in the address.
export function StoreFilter({ asked, counts }: Pick<Listed, "asked" | "counts">) {
  const t = useTranslations("connections.filter");
  const words = useTranslations("merchantState");
  const options = Object.entries(counts).map(([word, count]) => ({
    value: word,
    label: `${words(word as keyof Listed["counts"])} (${count})`,
  }));
  return (
    <search aria-label={t("label")}>
      <form action="/connections" className="mb-6 grid gap-4 sm:grid-cols-[minmax(0,1fr)_14rem_auto] sm:items-end">
        <TextField id="q" type="search" label={t("search")} defaultValue={asked.q} maxLength={200} />
        <SelectField
          id="word"
          label={t("state")}
          defaultValue={asked.word ?? ""}
          key={asked.word ?? ""}
          options={[{ value: "", label: t("any") }, ...options]}
        />
        <Button type="submit">{t("apply")}</Button>
      </form>
    </search>
  );
}
