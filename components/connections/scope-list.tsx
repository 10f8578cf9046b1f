// Permissions as the platform writes them, left to right in both languages.
export function ScopeList({ scopes }: { scopes: readonly string[] }) {
  return (
    <ul dir="ltr" className="flex flex-wrap gap-1.5 rtl:justify-end">
      {scopes.map((scope) => (
        <li key={scope}>
          <code className="rounded-sm bg-neutral-surface px-1.5 py-0.5 text-[0.85em] wrap-anywhere text-neutral">{scope}</code>
        </li>
      ))}
    </ul>
  );
}
