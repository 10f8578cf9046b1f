import { ProviderTile } from "./provider-tile";

// Tile and name on one line; names stay in their own direction inside an Arabic sentence.
export function ProviderName({ tile, name }: { tile: string; name: string }) {
  return (
    <span className="inline-flex items-center gap-2 align-middle">
      <ProviderTile tile={tile} size={24} />
      <bdi>{name}</bdi>
    </span>
  );
}
