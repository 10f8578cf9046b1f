import { useTranslations } from "next-intl";

// Which keys there are, and the switch for those that are single signs (WCAG 2.1.4). A form like the theme's.
export function ShortcutsNote({ letters }: { letters: boolean }) {
  const t = useTranslations("support.keys");
  const key = (text: string) => <kbd className="rounded-sm border border-line bg-surface-raised px-1.5 font-mono text-xs">{text}</kbd>;
  return (
    <form method="post" action="/api/preferences" className="mt-8 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      <span>
        {key("↓")} {key("↑")} {t("rows")}
      </span>
      {letters && (
        <span>
          {key("/")} {t("box")} · {key("j")} {key("k")} {t("rows")}
        </span>
      )}
      <button type="submit" name="shortcuts" value={letters ? "off" : "on"} className="link min-h-6">
        {letters ? t("off") : t("on")}
      </button>
    </form>
  );
}
