"use client";

import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { useFormStatus } from "react-dom";
import { type ButtonLook, buttonClass } from "@/components/ui/button";

// Keeps its label and never disables itself: while the form is on its way it shows that, and a second press
// does nothing.
export function SubmitButton({ tone = "primary", size, className = "", children, ...rest }: ButtonLook & ComponentProps<"button">) {
  const { pending, data } = useFormStatus();
  // Of several buttons in a form, the one that was pressed.
  const pressed = pending && (rest.name === undefined || data.get(rest.name) === rest.value);
  return (
    <button
      type="submit"
      {...rest}
      aria-disabled={pending || rest["aria-disabled"] || undefined}
      onClick={(event) => {
        if (pending || rest["aria-disabled"]) event.preventDefault();
        else rest.onClick?.(event);
      }}
      className={`${buttonClass({ tone, size })} ${className}`}
    >
      {pressed && <LoaderCircle size={16} aria-hidden="true" className="motion-safe:animate-spin" />}
      {children}
    </button>
  );
}
