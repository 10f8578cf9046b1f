import type { ReactNode } from "react";

type Props = {
  id: "theme-menu" | "account-menu";
  // what the button says to those who cannot see its icon
  label: string;
  trigger: ReactNode;
  children: ReactNode;
};

// Opened and closed by the browser (popover): Esc, a click outside and no JavaScript all work.
// globals.css hangs each menu under the button of the same name.
export function PopoverMenu({ id, label, trigger, children }: Props) {
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={label}
        className={`${id}-button inline-flex size-11 items-center justify-center rounded-md hover:bg-surface-sunken`}
      >
        {trigger}
      </button>
      <div id={id} popover="auto" className={`${id} menu menu-box min-w-52`}>
        {children}
      </div>
    </>
  );
}
