import { shownParent } from "./tree.ts";

/** Scrolls for a picture, and back: who only looks leaves the page as it was. */
export class Reveals {
  /** How far things were scrolled before; there may be several pictures at once. */
  private readonly before: { box: Element; left: number; top: number }[][] = [];

  /** Brings an element into view. */
  show(element: Element): void {
    const boxes = [...ancestors(element), document.scrollingElement ?? document.documentElement];
    this.before.push(boxes.map((box) => ({ box, left: box.scrollLeft, top: box.scrollTop })));
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  }

  /** Scrolls back what was scrolled for the last one. */
  putBack(): void {
    for (const { box, left, top } of this.before.pop() ?? []) {
      if (box.scrollLeft === left && box.scrollTop === top) continue;
      box.scrollTo({ left, top, behavior: "instant" });
    }
  }
}

function* ancestors(element: Element): Generator<Element> {
  for (let at = shownParent(element); at; at = shownParent(at)) yield at;
}
