import Link from "next/link";
import type { ComponentProps } from "react";
import { type ButtonLook, buttonClass } from "./button";

export function ButtonLink({ tone, size, className = "", ...rest }: ButtonLook & ComponentProps<typeof Link>) {
  return <Link {...rest} className={`${buttonClass({ tone, size })} ${className}`} />;
}
