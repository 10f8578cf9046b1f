import { Check, Monitor, Moon, Sun, SunMoon } from "lucide-react";
import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import { PopoverMenu } from "@/components/ui/popover-menu";
import { isTheme, themeCookie, themes } from "@/lib/theme";

const icons = { system: Monitor, light: Sun, dark: Moon };

export async function ThemeMenu() {
  const t = await getTranslations("shell.theme");
  const cookie = (await cookies()).get(themeCookie)?.value;
  const current = isTheme(cookie) ? cookie : "system";
  return (
    <PopoverMenu id="theme-menu" label={t("label")} trigger={<SunMoon size={18} aria-hidden="true" />}>
      <form method="post" action="/api/preferences">
        {themes.map((theme) => {
          const Icon = icons[theme];
          return (
            <button
              type="submit"
              key={theme}
              name="theme"
              value={theme}
              aria-current={theme === current ? "true" : undefined}
              className="flex min-h-11 w-full items-center gap-3 rounded-md px-3 text-start text-sm hover:bg-surface-sunken"
            >
              <Icon size={16} aria-hidden="true" className="text-muted" />
              <span className="grow">{t(theme)}</span>
              {theme === current && <Check size={16} aria-hidden="true" />}
            </button>
          );
        })}
      </form>
    </PopoverMenu>
  );
}
