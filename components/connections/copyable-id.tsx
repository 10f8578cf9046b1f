import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";

type Props = {
  value: string;
  // what it is ("Reference"), for the copy button's name
  label: string;
  // characters kept at each end; a shorter value is shown whole
  keep?: number;
};

// The middle is squeezed to nothing but stays in the text: selecting, searching and reading aloud get all of it.
export function CopyableId({ value, label, keep = 6 }: Props) {
  const t = useTranslations("copy");
  const short = value.length > keep * 2 + 3;
  return (
    <span dir="ltr" className="inline-flex max-w-full items-center gap-0.5 align-middle">
      <code className="text-[0.9em] select-all" title={value}>
        {short ? (
          <>
            {value.slice(0, keep)}
            <span className="inline-block w-0 overflow-hidden align-bottom whitespace-nowrap">{value.slice(keep, -keep)}</span>
            <span aria-hidden="true" className="select-none">
              …
            </span>
            {value.slice(-keep)}
          </>
        ) : (
          value
        )}
      </code>
      <CopyButton text={value} label={t("copy", { what: label })} copiedLabel={t("copied")} />
    </span>
  );
}
