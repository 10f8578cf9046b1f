type Props = {
  // the file public/providers/<tile>.svg
  tile: string;
  size?: 24 | 32 | 48;
};

// Decoration: the platform's name always stands beside it (ProviderName, or a heading).
export function ProviderTile({ tile, size = 32 }: Props) {
  // biome-ignore lint/performance/noImgElement: an SVG of 1 kB gains nothing from an optimiser
  return <img src={`/providers/${tile}.svg`} width={size} height={size} alt="" className="shrink-0" />;
}
