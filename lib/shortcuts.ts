/** Whether a single letter may be a shortcut: whoever speaks to a computer, or types with a tremor, can switch them off. */
export const shortcutsCookie = "latchkey-shortcuts";

export const areOff = (cookie: string | undefined): boolean => cookie === "off";
