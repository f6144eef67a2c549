import type { Need } from "../page-types.ts";
import type { Box, Readiness } from "../replies.ts";
import { boxOf, shared, viewport } from "./boxes.ts";
import { describe } from "./describe.ts";
import type { Numbers } from "./numbers.ts";
import { nextFrame } from "./scrolling.ts";
import { controlOf, isDisabled } from "./states.ts";
import { elementAt, isVisible, shows } from "./tree.ts";

/** Where the element comes to stand in turn, so that a bar at one edge does not cover it for good. */
const alignments = ["center", "end", "start", "nearest"] as const;

/** Brings an element into view, and says whether and where it can be acted on now. */
export async function makeReady(numbers: Numbers, n: number, need: Need): Promise<Readiness> {
  const element = numbers.element(n);
  if (!element) return no("gone");
  if (!need.behind && document.visibilityState === "hidden") return no("behind");
  if (!isVisible(element)) return no("hidden");
  if (need.enabled && isDisabled(controlOf(element))) return no("disabled");
  if (need.editable) {
    const why = unwritable(element);
    if (why) return no(why);
  }
  if (!pointOf(element, need) || need.attempt > 0) scrollTo(element, need.attempt);
  if (need.hit) {
    const moving = await movesIn(element);
    if (!element.isConnected) return no("gone");
    if (moving) return no("moving");
  }
  const point = pointOf(element, need);
  if (!point) return no(isVisible(element) ? "outside" : "hidden");
  const over = need.hit ? inTheWay(element, point.x, point.y) : null;
  if (over) return { ready: false, why: "covered", by: describe(numbers, over) };
  return { ready: true, ...point, box: boxOf(element) };
}

/** What would be hit at a point in place of the element or what is in it; null: nothing. */
export function coveredBy(numbers: Numbers, element: Element, x: number, y: number) {
  const over = inTheWay(element, x, y);
  return over ? describe(numbers, over) : null;
}

function no(why: Extract<Readiness, { ready: false }>["why"]): Readiness {
  return { ready: false, why, by: null };
}

function unwritable(target: Element): "readonly" | "uneditable" | null {
  const element = controlOf(target);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    return element.readOnly || element.getAttribute("aria-readonly") === "true" ? "readonly" : null;
  }
  const editable = element instanceof HTMLElement && element.isContentEditable;
  return editable ? null : "uneditable";
}

export function scrollTo(element: Element, attempt: number): void {
  const block = alignments[attempt % alignments.length] ?? "center";
  element.scrollIntoView({ block, inline: "center", behavior: "instant" });
}

/** A point of the element that is in view: that which is asked for, or the middle of a part. */
function pointOf(element: Element, { at }: Need): { x: number; y: number } | null {
  const view = viewport();
  if (at) {
    const { x, y } = boxOf(element);
    const point = { x: x + at.x, y: y + at.y, width: 1, height: 1 };
    return shared(point, view) ? { x: point.x, y: point.y } : null;
  }
  const parts = partsOf(element).flatMap((part) => shared(part, view) ?? []);
  const [largest] = parts.sort((a, b) => b.width * b.height - a.width * a.height);
  if (!largest) return null;
  return { x: largest.x + largest.width / 2, y: largest.y + largest.height / 2 };
}

/** The lines of a link that is broken; what is shown of an element without a box. */
function partsOf(element: Element): Box[] {
  const rects = [...element.getClientRects()];
  if (rects.length > 0) return rects.map(({ x, y, width, height }) => ({ x, y, width, height }));
  const range = document.createRange();
  range.selectNodeContents(element);
  return [...range.getClientRects()].map(({ x, y, width, height }) => ({ x, y, width, height }));
}

function inTheWay(element: Element, x: number, y: number): Element | null {
  const hit = elementAt(x, y);
  if (!hit) return document.documentElement;
  if (shows(element, hit)) return null;
  // A click on the label is one on its control.
  const label = hit.closest("label");
  if (label && label.control === element) return null;
  return hit;
}

/** Whether an element moves from one frame to the next. */
async function movesIn(element: Element): Promise<boolean> {
  // In its first frame an animation stands where it begins.
  const frames = document.getAnimations().length > 0 ? 2 : 1;
  for (let frame = 0; frame < frames; frame++) {
    const before = boxOf(element);
    await nextFrame();
    if (!same(before, boxOf(element))) return true;
  }
  return false;
}

function same(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
