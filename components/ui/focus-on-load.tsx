"use client";

import { useEffect } from "react";

// Moves the focus to the element of that id when the page arrives, so that an outcome is read first.
export function FocusOnLoad({ id }: { id: string }) {
  useEffect(() => document.getElementById(id)?.focus({ preventScroll: true }), [id]);
  return null;
}
