/** Renewals that are held back longer would themselves be the outage. */
export const pauseHours = [1, 4, 12, 24, 72] as const;
