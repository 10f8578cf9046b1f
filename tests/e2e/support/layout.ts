import type { Page } from "@playwright/test";

/** By how many pixels a page is wider than its window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What can be pressed and answers on less than 44 px of height, unless it is a word in a sentence. Room around it counts where it answers there. */
export const cramped = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const HALF = 21;
    const small: string[] = [];
    for (const control of document.querySelectorAll<HTMLElement>("a, button, input:not([type=hidden]), select, textarea, summary")) {
      // A radio or a box is pressed by its words as well.
      const target = control.closest("label") ?? control;
      const { width, height } = target.getBoundingClientRect();
      const inWords = getComputedStyle(control).display === "inline" && control.parentElement?.textContent !== control.textContent;
      // What only a screen reader or a keyboard meets is cut out of the picture.
      const unseen = getComputedStyle(control).clipPath !== "none" || width < 2 || height < 2;
      // Behind a dialog nothing can be pressed.
      const behind = document.querySelector("dialog:modal") !== null && !control.closest("dialog");
      if (unseen || behind || inWords || !control.checkVisibility({ visibilityProperty: true })) continue;
      target.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
      const box = target.getBoundingClientRect();
      const answers = (away: number) => target.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2 + away));
      if (box.height >= 43.5 || (answers(-HALF) && answers(HALF))) continue;
      const name = control.getAttribute("aria-label") ?? control.textContent ?? "";
      small.push(`${control.tagName} "${name.trim().slice(0, 40)}" ${Math.round(box.width)}×${Math.round(box.height)}`);
    }
    return small;
  });

/** Makes every text on the page longer by 35 %, as another language would: by more words, or a single word by its letters. Nothing works afterwards. */
export const stretch = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const longer = (text: string) => {
      const words = text.trim().split(/\s+/);
      const more = Math.ceil(words.length * 0.35);
      if (words.length > 2) return `${text} ${words.slice(0, more).join(" ")}`;
      return text.replace(/[\p{L}\p{M}]{2,}/gu, (word) => word + word.slice(0, Math.ceil(word.length * 0.35)));
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      // Ids, addresses and the like are no words of ours.
      if (node.parentElement?.closest("script, style, code, [dir=ltr], bdi")) continue;
      node.nodeValue = longer(node.nodeValue ?? "");
    }
    for (const cell of document.querySelectorAll<HTMLElement>("[data-label]")) cell.dataset.label = longer(cell.dataset.label ?? "");
  });
