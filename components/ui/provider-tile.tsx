type Props = {
  // the file public/providers/<tile>.svg
  tile: string;
  // where an admin added the platform: its letters take the picture's place
  monogram?: string | null;
  size?: 24 | 32 | 48;
};

const lettersClass = { 24: "size-6 text-[0.6rem]", 32: "size-8 text-xs", 48: "size-12 text-lg" };

// Decoration: the platform's name always stands beside it (ProviderName, or a heading).
export function ProviderTile({ tile, monogram, size = 32 }: Props) {
  if (monogram)
    return (
      <span
        aria-hidden="true"
        className={`inline-flex shrink-0 items-center justify-center rounded-md bg-accent-surface font-semibold text-ink ${lettersClass[size]}`}
      >
        <bdi>{monogram}</bdi>
      </span>
    );
  // biome-ignore lint/performance/noImgElement: an SVG of 1 kB gains nothing from an optimiser
  return <img src={`/providers/${tile}.svg`} width={size} height={size} alt="" className="shrink-0" />;
}
