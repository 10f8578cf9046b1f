const MOST = 200;

/** What somebody sent as a part of an address to lead to: no id of ours is so long, and nobody takes an answer whose head holds more. */
export const addressPart = (text: string): string => encodeURIComponent(text.slice(0, MOST).toWellFormed());
