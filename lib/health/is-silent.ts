const SILENT_AFTER_S = 120;

/** Whether it is too long ago that any process did background work; null: none ever has. */
export const isSilent = (silentS: number | null): boolean => silentS === null || silentS >= SILENT_AFTER_S;
