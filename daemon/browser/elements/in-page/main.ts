import { theOne } from "../choice.ts";
import {
  goneMark,
  mostValue,
  type Need,
  type OutlineOptions,
  type PageCalls,
  type Step,
} from "../page-types.ts";
import { boxOf } from "./boxes.ts";
import { describe } from "./describe.ts";
import { Drags } from "./drags.ts";
import { beginFill, focusAtEnd, select } from "./fill.ts";
import { findAll } from "./match.ts";
import { Numbers } from "./numbers.ts";
import { OutlineWalk } from "./outline.ts";
import { lineOf } from "./outline-line.ts";
import { coveredBy, makeReady, scrollTo } from "./ready.ts";
import { Reveals } from "./reveals.ts";
import { roleOf } from "./roles.ts";
import { scrolledOf, scroller, toRest } from "./scrolling.ts";
import { checkedOf, controlOf, valueIn } from "./states.ts";
import { textOf } from "./text.ts";
import { elementAt, isVisible } from "./tree.ts";

/** Longest title, in characters. */
const mostTitle = 1000;

/** What the daemon calls, in a world of its own that the page does not see. */
function createApi() {
  const numbers = new Numbers();
  const drags = new Drags();
  const reveals = new Reveals();
  const there = (n: number) => {
    const element = numbers.element(n);
    if (!element) throw new Error(goneMark);
    return element;
  };
  const root = (n: number | null) => (n === null ? document.documentElement : there(n));
  return {
    /** How many match, the first of them, and whether the one that is meant is ready. */
    async find(steps: readonly Step[], root: number | null, most: number, need: Need | null) {
      const found = findAll(root === null ? document : there(root), steps);
      const matches = found.slice(0, most).map((element) => describe(numbers, element));
      const one = need && theOne(matches, found.length);
      const state = need && one ? await makeReady(numbers, one.n, need) : null;
      return { count: found.length, matches, state };
    },
    describe(n: number) {
      const element = numbers.element(n);
      return element && { ...describe(numbers, element), box: boxOf(element) };
    },
    /** An element as it is now, with all that it holds. */
    state(n: number) {
      const element = numbers.element(n);
      if (!element) return null;
      const { role, name, states } = lineOf(element, roleOf(element), true);
      const value = valueIn(element)?.slice(0, mostValue + 1) ?? null;
      return { role, name, states, value };
    },
    element: (n: number) => numbers.element(n),
    numberOf: (element?: Element) => (element ? numbers.of(element) : 0),
    outline: (options: OutlineOptions) =>
      new OutlineWalk(numbers, options).walk(root(options.root)),
    text: (n: number | null, most: number) =>
      textOf(root(n), (it) => numbers.of(it), most).slice(0, most),
    html: (n: number | null, most: number) => {
      const html = root(n).outerHTML;
      return { html: html.slice(0, most), length: html.length };
    },
    ready: (n: number, need: Need) => makeReady(numbers, n, need),
    coveredBy: (n: number, x: number, y: number) => coveredBy(numbers, there(n), x, y),
    /** What covers the frame in that element at a point of the viewport. */
    frameAt: (n: number, x: number, y: number) => {
      const hit = elementAt(x, y);
      if (hit === null) return "outside";
      return hit === numbers.element(n) ? null : describe(numbers, hit);
    },
    /** Where the inside of a frame's element begins, and how much larger it is shown. */
    frameBox(n: number) {
      const element = numbers.element(n);
      if (!(element instanceof HTMLElement)) return null;
      const { x, y, width, height } = element.getBoundingClientRect();
      const scaleX = element.offsetWidth > 0 ? width / element.offsetWidth : 1;
      const scaleY = element.offsetHeight > 0 ? height / element.offsetHeight : 1;
      const { paddingLeft, paddingTop } = getComputedStyle(element);
      const left = element.clientLeft + Number.parseFloat(paddingLeft);
      const top = element.clientTop + Number.parseFloat(paddingTop);
      const shown = isVisible(element);
      return { x: x + left * scaleX, y: y + top * scaleY, scaleX, scaleY, shown };
    },
    intoView: (n: number) => scrollTo(there(n), 0),
    reveal: (n: number) => reveals.show(there(n)),
    putBack: () => reveals.putBack(),
    focus: (n: number) => focusAtEnd(controlOf(there(n))),
    beginFill: (n: number, value: string) => beginFill(controlOf(there(n)), value),
    select: (n: number, options: readonly string[]) => select(controlOf(there(n)), options),
    checked: (n: number) => checkedOf(controlOf(there(n))) ?? null,
    /** The field for files that an element is, or that it is the label of. */
    fileInput(n: number) {
      const input = controlOf(there(n));
      if (!(input instanceof HTMLInputElement) || input.type !== "file") return null;
      return { n: numbers.of(input), multiple: input.multiple };
    },
    watchDrag: () => drags.watch(),
    dragBegan: () => drags.began(),
    isHidden: () => document.visibilityState === "hidden",
    window: () => ({
      title: document.title.slice(0, mostTitle),
      hidden: document.visibilityState === "hidden",
      innerWidth,
      innerHeight,
      outerWidth,
      scale: devicePixelRatio,
    }),
    scrolled: (n: number | null) => scrolledOf(scroller(n === null ? null : there(n))),
    scrolledToRest: (n: number | null) => toRest(scroller(n === null ? null : there(n))),
    middle: () => ({ x: Math.round(innerWidth / 2), y: Math.round(innerHeight / 2) }),
  };
}

/** A compile error here: a call that the daemon knows is not answered, or takes something else. */
createApi satisfies () => { [Call in keyof PageCalls]: (...args: PageCalls[Call]) => unknown };

/** The entry: calls are for one run of this script, else the numbers mean other elements. */
function createEntry(world: string) {
  const api = createApi();
  const check = (asked: string) => {
    if (asked !== world) throw new Error(goneMark);
  };
  return {
    call(asked: string, name: keyof PageCalls, args: never[]) {
      check(asked);
      return (api[name] as (...args: never[]) => unknown)(...args);
    },
    element(asked: string, n: number) {
      check(asked);
      return api.element(n);
    },
    numberOf(asked: string, element: Element) {
      check(asked);
      return api.numberOf(element);
    },
  };
}

declare global {
  var nexoraWorld: string;
  var nexora: ReturnType<typeof createEntry>;
}

globalThis.nexora = createEntry(globalThis.nexoraWorld);
