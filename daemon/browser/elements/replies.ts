import { z } from "zod";
import { mostValue, type PageCalls } from "./page-types.ts";

/** What the script in the page answers. A page is hostile: what it says is checked, and bounded there. */

const count = z.number().int().min(0);
const coordinate = z.number().min(-1e7).max(1e7);

/** A rectangle in CSS pixels of its frame's viewport. */
const box = z.object({ x: coordinate, y: coordinate, width: coordinate, height: coordinate });
export type Box = z.output<typeof box>;

const match = z.object({
  /** Number of the element in its document. */
  n: count,
  role: z.string().max(200),
  name: z.string().max(1000),
  /** `<button id="save" class="primary">` */
  markup: z.string().max(2000),
  visible: z.boolean(),
});
export type Match = z.output<typeof match>;

const outlineNode = z.object({
  depth: count,
  /** Empty: a text. */
  role: z.string().max(200),
  name: z.string().max(1000),
  /** Number of the element when one can act on it, or it holds a frame. */
  n: count.nullable(),
  states: z.array(z.string().max(300)).max(20),
  value: z.string().max(2000).nullable(),
  /** The text in it, when it has nothing else. */
  text: z.string().max(2000).nullable(),
  /** Only when asked for. */
  box: box.nullable(),
  /** Whether it is the element of a frame. */
  frame: z.boolean(),
});
export type OutlineNode = z.output<typeof outlineNode>;

/** What an element is now. */
const elementState = outlineNode.pick({ role: true, name: true, states: true }).extend({
  value: z
    .string()
    .max(mostValue + 1)
    .nullable(),
});

const outline = z.object({
  nodes: z.array(outlineNode).max(50_000),
  /** Whether something was left out because there was too much. */
  cut: z.boolean(),
});
export type Outline = z.output<typeof outline>;

const unready = z.enum([
  ...(["gone", "hidden", "disabled", "readonly", "uneditable"] as const),
  ...(["moving", "covered", "outside", "behind"] as const),
]);
export type Unready = z.output<typeof unready>;

const readiness = z.discriminatedUnion("ready", [
  z.object({ ready: z.literal(true), x: coordinate, y: coordinate, box }),
  z.object({ ready: z.literal(false), why: unready, by: match.nullable() }),
]);
export type Readiness = z.output<typeof readiness>;

const filled = z.discriminatedUnion("way", [
  /** The text is selected: it is to be typed over. */
  z.object({ way: z.literal("type") }),
  z.object({ way: z.literal("done") }),
  z.object({ way: z.literal("refused"), why: z.string().max(200) }),
]);
export type Filled = z.output<typeof filled>;

const names = z.array(z.string().max(10_000)).max(10_000);
const selected = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), values: names, labels: names }),
  z.object({
    ok: z.literal(false),
    why: z.enum(["no-select", "single", "unknown", "disabled"]),
    option: z.string().max(10_000),
    options: names,
  }),
]);
export type Selected = z.output<typeof selected>;

const frameBox = z.object({
  /** Where its inside begins. */
  x: coordinate,
  y: coordinate,
  /** How much larger its inside is shown than it is. */
  scaleX: z.number(),
  scaleY: z.number(),
  /** Whether it is visible. */
  shown: z.boolean(),
});

const scrolled = z.object({ x: coordinate, y: coordinate, maxX: coordinate, maxY: coordinate });
const nothing = z
  .undefined()
  .or(z.null())
  .transform(() => null);

export const pageReplies = {
  find: z.object({
    count,
    matches: z.array(match).max(100),
    /** Of the one that is meant, when that was asked; null: it was not, or several may be meant. */
    state: readiness.nullable(),
  }),
  describe: match.extend({ box }).nullable(),
  state: elementState.nullable(),
  numberOf: count,
  outline,
  text: z.string(),
  html: z.object({ html: z.string(), length: count }),
  ready: readiness,
  coveredBy: match.nullable(),
  /** What covers the frame; null: nothing. */
  frameAt: match.nullable().or(z.literal("outside")),
  frameBox: frameBox.nullable(),
  intoView: nothing,
  reveal: nothing,
  putBack: nothing,
  focus: z.boolean(),
  beginFill: filled,
  select: selected,
  checked: z.union([z.boolean(), z.literal("mixed")]).nullable(),
  fileInput: z.object({ n: count, multiple: z.boolean() }).nullable(),
  scrolled,
  scrolledToRest: scrolled,
  middle: z.object({ x: coordinate, y: coordinate }),
  watchDrag: nothing,
  dragBegan: z.boolean(),
  isHidden: z.boolean(),
  window: z.object({
    title: z.string(),
    hidden: z.boolean(),
    innerWidth: coordinate,
    innerHeight: coordinate,
    outerWidth: coordinate,
    /** Pixels of the screen in one of CSS. */
    scale: z.number().min(0.1).max(20),
  }),
} satisfies Record<keyof PageCalls, z.ZodType>;

export type PageReply<Call extends keyof PageCalls> = z.output<(typeof pageReplies)[Call]>;
