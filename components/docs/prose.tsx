// What stands between backticks is code.
export function Prose({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places.
      <code key={index} className="rounded-sm bg-surface-sunken px-1 font-mono text-xs wrap-anywhere">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
