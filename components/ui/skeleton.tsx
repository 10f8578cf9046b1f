import { useTranslations } from "next-intl";

// Grey shapes of the final size. `shapes` are size classes, one block each, such as "h-20 w-full".
export function Skeleton({ shapes }: { shapes: string[] }) {
  const t = useTranslations();
  return (
    <div role="status" className="space-y-4">
      <span className="sr-only">{t("loading")}</span>
      {shapes.map((shape, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no identity
        <div key={index} aria-hidden="true" className={`rounded-md bg-line/60 motion-safe:animate-pulse ${shape}`} />
      ))}
    </div>
  );
}
