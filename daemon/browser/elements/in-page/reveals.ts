import { shownParent } from "./tree.ts";

/** Scrolls for a picture, and back: who only looks leaves the page as it was. */
export class Reveals {
  /** How far things were scrolled before. */
  private before: { box: Element; left: number; top: number }[] = [];

  /** Brings an element into view. */
  show(element: Element): void {
    const boxes = [...ancestors(element), document.scrollingElement ?? document.documentElement];
    this.before = boxes.map((box) => ({ box, left: box.scrollLeft, top: box.scrollTop }));
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  }

  /** Scrolls back what was scrolled for it. */
  putBack(): void {
    for (const { box, left, top } of this.before) {
      if (box.scrollLeft === left && box.scrollTop === top) continue;
      box.scrollTo({ left, top, behavior: "instant" });
    }
    this.before = [];
  }
}

function* ancestors(element: Element): Generator<Element> {
  for (let at = shownParent(element); at; at = shownParent(at)) yield at;
}
