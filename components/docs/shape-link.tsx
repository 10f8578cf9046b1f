// Leads to a shape on the same page; a thumb has room where there is no mouse.
export function ShapeLink({ shape, label = shape }: { shape: string; label?: string }) {
  return (
    <a
      href={`#shape-${shape}`}
      className="inline-flex min-h-11 items-center font-mono text-xs text-accent-strong underline underline-offset-4 wrap-anywhere sm:min-h-6"
    >
      {label}
    </a>
  );
}
