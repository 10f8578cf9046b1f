const holder = globalThis as { latchkeyDraining?: boolean };

/** This process is about to end: whoever distributes requests is told so while it still answers. */
export function beginDraining(): void {
  holder.latchkeyDraining = true;
}

export const isDraining = (): boolean => holder.latchkeyDraining === true;
