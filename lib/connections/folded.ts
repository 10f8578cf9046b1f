/** Signs that a reader leaves out: accents, Arabic vowel signs, tatweel, marks of direction. The database's `folded` leaves out the same. */
const SIGNS = new RegExp(
  [
    "[\\u0300-\\u036F\\u0483-\\u0487\\u0591-\\u05BD\\u05BF\\u05C1-\\u05C2\\u05C4-\\u05C5\\u05C7\\u0610-\\u061A\\u0640\\u064B-\\u065F\\u0670]",
    "[\\u06D6-\\u06DC\\u06DF-\\u06E4\\u06E7-\\u06E8\\u06EA-\\u06ED\\u08D3-\\u08FF\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u2069]",
    "[\\uFE00-\\uFE0F]|[\\uFE20-\\uFE2F]|\\uFEFF",
  ].join("|"),
  "g",
);
const FROM = "ٱةىیکς٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹";
const TO = "اهييكσ01234567890123456789";
const forms = new Map([...FROM].map((form, at) => [form, TO[at] ?? form]));

/** A text by which spellings compare that a reader takes for the same: case, width, accents, the forms of Arabic letters, digits. */
export function folded(text: string): string {
  const plain = text.normalize("NFKD").replace(SIGNS, "").toLowerCase();
  return Array.from(plain, (letter) => forms.get(letter) ?? letter)
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}
