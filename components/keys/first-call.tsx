// The same in every language: it is what is typed into a terminal.
export function FirstCall({ origin }: { origin: string }) {
  return (
    <pre dir="ltr" className="mt-3 rounded-md bg-surface-sunken p-3 text-start text-sm wrap-anywhere whitespace-pre-wrap">
      <code>{`curl -H "Authorization: Bearer lk_…" \\\n  ${origin}/api/v1/connections`}</code>
    </pre>
  );
}
