import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** Icons that point along the line of reading: in Arabic they point the other way. */
const MIRRORED = new Set([
  "ArrowLeft",
  "ArrowRight",
  "ChevronLeft",
  "ChevronRight",
  "ChevronsLeft",
  "ChevronsRight",
  "CornerDownLeft",
  "CornerDownRight",
  "ExternalLink",
  "Forward",
  "LogIn",
  "LogOut",
  "MoveLeft",
  "MoveRight",
  "PanelLeft",
  "PanelRight",
  "Redo2",
  "Reply",
  "Send",
  "SkipBack",
  "SkipForward",
  "Undo2",
]);
/** Icons whose names sound like it and that stay: a clock's hands and a wheel turn the same way in every language, as a tape's keys do. */
const STAYS = new Set(["RefreshCw", "RefreshCwOff", "RotateCw", "TimerReset"]);
const SOUNDS_SO = /Left|Right|Forward|Back|Next|Previous|Log(?:In|Out)|Undo|Redo|Reply|Send|Step(?!s)|External|Indent|Refresh|Rotate|Timer/;

const MIRROR = /\brtl:-scale-x-100\b/;

type Use = { where: string; icon: string; mirrored: boolean };

function usesIn(file: string, text: string): Use[] {
  const imported = [...text.matchAll(/import \{([^}]*)\} from "lucide-react"/g)].flatMap(([, names = ""]) => names.split(","));
  const icons = imported.map((name) => name.trim()).filter((name) => name !== "" && !name.startsWith("type "));
  return icons.flatMap((name) => {
    const [icon = "", local = icon] = name.split(" as ");
    const tags = [...text.matchAll(new RegExp(`<${local}\\b[^>]*>`, "g"))].map(([tag]) => MIRROR.test(tag));
    // What is handed on as a value is drawn by somebody who does not know where it points.
    return (tags.length > 0 ? tags : [false]).map((mirrored) => ({ where: file, icon, mirrored }));
  });
}

const uses = globSync("{app,components}/**/*.{ts,tsx}").flatMap((file) => usesIn(file, readFileSync(file, "utf8")));

describe("icons in Arabic", () => {
  it("turn around where they point along the line, and nowhere else", () => {
    expect(uses.length).toBeGreaterThan(40);
    expect(uses.filter(({ icon, mirrored }) => mirrored !== MIRRORED.has(icon))).toEqual([]);
  });

  it("are in one of the lists where their name tells of a direction", () => {
    expect(uses.filter(({ icon }) => SOUNDS_SO.test(icon) && !MIRRORED.has(icon) && !STAYS.has(icon))).toEqual([]);
  });

  it("would be seen", () => {
    const text = `import { ArrowLeft, Check, type LucideIcon } from "lucide-react";\n<ArrowLeft size={16} />\n<Check className="rtl:-scale-x-100" />`;
    expect(usesIn("x.tsx", text)).toEqual([
      { where: "x.tsx", icon: "ArrowLeft", mirrored: false },
      { where: "x.tsx", icon: "Check", mirrored: true },
    ]);
  });
});
