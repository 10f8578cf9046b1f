"use client";

import { CopyItem } from "./copy-item";

export type RowMenuWords = Record<"open" | "test" | "renew" | "copy" | "copied" | "revoke", string>;

type Props = {
  id: string;
  label: string;
  live: boolean;
  renewable: boolean;
  ended: boolean;
  words: RowMenuWords;
};

// What can be done with one connection of a list. Opened and closed by the browser; every entry is on the connection's own page as well.
// The form that tests and renews is RowActs'. A client's component, so that a page tells it in a line what it is about.
export function RowMenu({ id, label, live, renewable, ended, words }: Props) {
  const menu = `menu-${id}`;
  return (
    <>
      <button type="button" popoverTarget={menu} aria-label={label} className="menu-dots" />
      <div id={menu} popover="auto" className="menu menu-box">
        <a href={`/support/${id}`} className="menu-item">
          {words.open}
        </a>
        {live && (
          <button type="submit" form="row-acts" name="act" value={`test:${id}`} className="menu-item">
            {words.test}
          </button>
        )}
        {live && renewable && (
          <button type="submit" form="row-acts" name="act" value={`renew:${id}`} className="menu-item">
            {words.renew}
          </button>
        )}
        <CopyItem text={id} label={words.copy} copiedLabel={words.copied} className="menu-item" />
        {!ended && (
          <a href={`/support/${id}/revoke`} data-revoke={id} className="menu-item text-critical">
            {words.revoke}
          </a>
        )}
      </div>
    </>
  );
}
