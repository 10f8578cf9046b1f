import type { ComponentProps } from "react";

export type ButtonLook = {
  tone?: "primary" | "secondary" | "quiet" | "danger";
  // large (44 px) on merchants' pages, small (32 px) in staff tables and toolbars
  size?: "large" | "small";
};

const tones = {
  primary: "border-transparent bg-accent text-accent-text hover:bg-accent-strong",
  secondary: "border-line-strong/60 bg-surface-raised hover:border-line-strong hover:bg-surface-sunken",
  quiet: "border-transparent hover:bg-surface-sunken",
  danger: "border-transparent bg-danger text-danger-text hover:opacity-90",
};

const sizes = {
  large: "min-h-11 gap-2 px-4 py-2 text-base",
  small: "min-h-8 gap-1.5 px-3 py-1 text-sm",
};

export function buttonClass({ tone = "secondary", size = "large" }: ButtonLook = {}): string {
  return `inline-flex items-center justify-center rounded-md border text-center font-medium no-underline motion-safe:transition-colors aria-disabled:cursor-default aria-disabled:opacity-60 ${tones[tone]} ${sizes[size]}`;
}

export function Button({ tone, size, className = "", ...rest }: ButtonLook & ComponentProps<"button">) {
  return <button type="button" {...rest} className={`${buttonClass({ tone, size })} ${className}`} />;
}
