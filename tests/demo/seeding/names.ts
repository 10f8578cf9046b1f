type Draw = (draw: number) => number;

const pick = <T>(list: readonly T[], at: number): T => list[Math.floor(at * list.length)] as T;

const PLACES =
  "Olaya Malaz Nakheel Yasmin Corniche Balad Rawdah Salam Hamra Shati Marina Khobar Dammam Taif Abha Najran Tabuk Hail Jubail Yanbu Madinah Qassim Harbour Old Town North Gate Riverside Station".split(
    / (?=[A-Z])/,
  );
const TRADES = [
  "Books",
  "Coffee",
  "Perfumes",
  "Toys",
  "Electronics",
  "Furniture",
  "Sweets",
  "Fashion",
  "Optics",
  "Garden",
  "Sports",
  "Dates & Honey",
  "Kitchen",
  "Stationery",
  "Carpets",
  "Bikes",
];
const FORMS = ["", " Trading", " Co.", " Group", " House", " & Sons", " Supply", " Market"];
const CITIES = ["Riyadh", "Jeddah", "Dammam", "Khobar", "Dubai", "Doha", "Cairo", "Stockholm", "Amman", "Kuwait"];

const ARABIC_FORMS = ["متجر", "مكتبة", "مؤسسة", "شركة", "بيت", "معرض", "أسواق", "دار"];
const ARABIC_NAMES =
  "الأمل النخيل الواحة الياسمين الفجر الربيع الأصالة البركة النور الريان السلام الحرمين الخليج الرواد القمة الزهراء الفيصل المدينة الشروق الهدى".split(
    " ",
  );
const ARABIC_KINDS = ["", " للعطور", " للكتب", " للأثاث", " للإلكترونيات", " للقهوة", " للتمور", " للأزياء", " للألعاب", " التجارية"];
const ARABIC_CITIES = ["الرياض", "جدة", "الدمام", "الخبر", "دبي", "الدوحة", "القاهرة", "عمّان", "الكويت", "مكة"];

const PEOPLE = [
  "Layla Nasser",
  "Omar Said",
  "Hana Aziz",
  "Karim Faris",
  "Nora Salem",
  "Ali Haddad",
  "Emma Berg",
  "Lars Holm",
  "Rania Zaki",
];
const ARABIC_PEOPLE = ["ليلى ناصر", "سعيد العمري", "هناء عزيز", "كريم فارس", "نورة سالم", "علي حداد", "رانيا زكي", "فهد القحطاني"];

export type MerchantNames = { name: string; person: string; email: string; arabic: boolean };

/** A merchant as one might be called there: not quite half of them in Arabic. */
export function merchantNames(number: number, draw: Draw): MerchantNames {
  const arabic = draw(0) < 0.45;
  const name = arabic
    ? `${pick(ARABIC_FORMS, draw(1))} ${pick(ARABIC_NAMES, draw(2))}${pick(ARABIC_KINDS, draw(3))}`
    : `${pick(PLACES, draw(1))} ${pick(TRADES, draw(2))}${pick(FORMS, draw(3))}`;
  return { name, arabic, person: pick(arabic ? ARABIC_PEOPLE : PEOPLE, draw(4)), email: `owner@shop-${number}.example` };
}

/** A store of theirs: the name itself, or a branch of it. */
export function storeName({ name, arabic }: MerchantNames, alone: boolean, draw: Draw): string {
  if (alone) return name;
  return arabic ? `${name} – ${pick(ARABIC_CITIES, draw(0))}` : `${name} – ${pick(CITIES, draw(0))}`;
}
