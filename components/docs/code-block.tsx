// Wrapped rather than scrolled: nothing of it is out of sight, and no keyboard is needed to get there.
export function CodeBlock({ text }: { text: string }) {
  return (
    <pre className="rounded-md border border-line bg-surface-sunken p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
      <code>{text}</code>
    </pre>
  );
}
