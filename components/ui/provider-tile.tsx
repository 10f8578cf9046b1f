type Props = {
  // the file public/providers/<tile>.svg
  tile: string;
  size?: 24 | 32 | 48;
};

// Decoration: the platform's name always stands beside it.
export function ProviderTile({ tile, size = 32 }: Props) {
  // biome-ignore lint/performance/noImgElement: an SVG of 300 bytes gains nothing from an optimiser
  return <img src={`/providers/${tile}.svg`} width={size} height={size} alt="" className="shrink-0" />;
}
