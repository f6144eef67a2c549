import type { Box } from "../replies.ts";

export function viewport(): Box {
  const { clientWidth, clientHeight } = document.documentElement;
  // In quirks mode the root is as high as its content.
  return {
    x: 0,
    y: 0,
    width: Math.min(innerWidth, clientWidth || innerWidth),
    height: Math.min(
      innerHeight,
      document.compatMode === "CSS1Compat" ? clientHeight : innerHeight,
    ),
  };
}

/** The part that two boxes share; null: none. */
export function shared(a: Box, b: Box): Box | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

export function boxOf(element: Element | Range): Box {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}
