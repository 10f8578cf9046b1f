// Inputs keep 16 px, or phones zoom into them.
export const controlClass =
  "block min-h-11 w-full rounded-md border border-line-strong bg-surface-raised px-3 py-2 text-base text-ink placeholder:text-muted aria-invalid:border-2 aria-invalid:border-critical";
