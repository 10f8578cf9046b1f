type Value = string | number | boolean | null | undefined;

/** With it spreadsheets read the file as UTF-8. */
export const CSV_BEGIN = "\ufeff";

/**
 * One line of RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front, which is what such programs
 * themselves write for "this is text".
 */
export const csvLine = (values: readonly Value[]): string => `${values.map(cell).join(",")}\r\n`;

function cell(value: Value): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
