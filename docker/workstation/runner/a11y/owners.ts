import type { RunnerAccessibleWindow } from "../../../../src/runner/elements.ts";
import type { Rectangle } from "../x11/requests.ts";
import { isIn } from "./boxes.ts";

/**
 * Which of its program's windows a top-level element is: the only one that there is; that of its title;
 * that of its place. Null: none of them.
 */
export function windowOf(
  top: { name: string; box: Rectangle | null },
  windows: readonly RunnerAccessibleWindow[],
  isOnlyOne: boolean,
): RunnerAccessibleWindow | null {
  const [only, ...others] = windows;
  if (only && others.length === 0 && isOnlyOne) return only;
  const titled = windows.filter(({ title }) => title.trim() === top.name);
  if (titled.length === 1) return titled[0] ?? null;
  const { box } = top;
  const among = titled.length > 0 ? titled : windows;
  if (!box) return among[0] ?? null;
  return among.toSorted((a, b) => distance(a, box) - distance(b, box))[0] ?? null;
}

/** The menu, tooltip or the like that an element is in, since it is not where its own window is. */
export function popupOf(
  { box }: { box: Rectangle | null },
  popups: readonly RunnerAccessibleWindow[],
): RunnerAccessibleWindow | null {
  return box ? (popups.find((popup) => isIn(box, popup)) ?? null) : null;
}

function distance(a: Rectangle, b: Rectangle): number {
  return (
    Math.abs(a.x - b.x) +
    Math.abs(a.y - b.y) +
    Math.abs(a.x + a.width - b.x - b.width) +
    Math.abs(a.y + a.height - b.y - b.height)
  );
}
