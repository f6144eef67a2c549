import { z } from "zod";
import { afterwards, afterwardsOutput, outputFlag } from "./input.ts";
import { operation, sessionRef, thingRef } from "./operation.ts";
import { windowId, windowRef } from "./window.ts";

/** A point of the desktop, or of what the coordinates are those of. */
const pointSchema = z.strictObject({
  x: z.number().int().min(0).max(16_383),
  y: z.number().int().min(0).max(16_383),
});
/** A point, or the middle of a thing. */
const place = z.union([pointSchema, thingRef]);
const point = place.meta({ cli: { kind: "point", value: "X,Y" } });

/** What coordinates are those of. */
const frame = {
  window: windowRef
    .optional()
    .describe(
      "Coordinates are those of this window's inside, a text is one of its: id, title or class",
    ),
  from: z
    .string()
    .max(64)
    .optional()
    .describe("Coordinates are those of the picture with this rev, scaled as it was")
    .meta({ cli: { value: "REV" } }),
};

const on = z
  .string()
  .min(1)
  .max(1000)
  .optional()
  .describe(
    "On this text, which one window shows once, or a thing by its reference (@e12), in place of coordinates",
  )
  .meta({ cli: { value: "TEXT|@REF" } });

const ocr = z
  .boolean()
  .default(false)
  .describe("Look for the text in pictures and menus as well; takes a second or two");

const hold = z
  .array(z.enum(["ctrl", "shift", "alt", "super"]))
  .max(4)
  .default([])
  .describe("Modifier that is down meanwhile; may be repeated")
  .meta({ cli: { value: "MODIFIER" } });

const button = z
  .enum(["left", "middle", "right", "back", "forward"])
  .default("left")
  .describe("Which button");

const pointerOutput = z.object({
  pointer: z.object({ x: z.number().int(), y: z.number().int() }).describe("Where it is now"),
  over: z
    .object({ id: windowId, title: z.string(), class: z.string() })
    .nullable()
    .describe("The window under it; null over the desktop, a panel or a menu"),
  ...afterwardsOutput.shape,
});
export type PointerPlace = Pick<z.output<typeof pointerOutput>, "pointer" | "over">;

/** What all verbs of the pointer have in common. */
const common = {
  access: "act",
  session: "running",
  method: "POST",
  output: pointerOutput,
  errors: ["not_found", "conflict", "stale_ref", "display_failed", "action_failed"],
  localFlags: [outputFlag],
} as const;

const at = point
  .optional()
  .describe("Where; by default where the pointer is")
  .meta({ cli: { kind: "point", positional: true, value: "X,Y|@REF" } });

export const pointerOperations = [
  operation({
    ...common,
    id: "click",
    path: "/v1/sessions/{session}/click",
    summary: "Click",
    description:
      "With `window` or on a thing, nothing is clicked when another window covers that point. A thing whose toolkit tells no places (GTK 4) is pressed by its own action.",
    input: z.strictObject({
      session: sessionRef,
      at,
      on,
      ocr,
      button,
      count: z.number().int().min(1).max(5).default(1).describe("2: a double click"),
      hold,
      ...frame,
      ...afterwards,
    }),
    examples: [
      "nexora click 640,400",
      "nexora click @e12",
      "nexora click --on '[ OK ]'",
      "nexora click 20,20 --window Chromium --button right",
    ],
  }),
  operation({
    ...common,
    id: "move",
    path: "/v1/sessions/{session}/move",
    summary: "Move the pointer",
    input: z.strictObject({
      session: sessionRef,
      at: point
        .optional()
        .describe("Where to")
        .meta({ cli: { kind: "point", positional: true, value: "X,Y|@REF" } }),
      on,
      ocr,
      ...frame,
      ...afterwards,
    }),
    examples: ["nexora move 640,400"],
  }),
  operation({
    ...common,
    id: "drag",
    path: "/v1/sessions/{session}/drag",
    summary: "Drag: press a button, move along a path, let go",
    input: z.strictObject({
      session: sessionRef,
      path: z
        .array(point)
        .min(2)
        .max(1000)
        .describe("The points of the path, from where the button goes down to where it goes up")
        .meta({ cli: { positional: "rest", value: "X,Y|@REF" } }),
      button,
      hold,
      ...frame,
      ...afterwards,
    }),
    examples: ["nexora drag 100,100 400,300"],
  }),
  operation({
    ...common,
    id: "scroll",
    path: "/v1/sessions/{session}/scroll",
    summary: "Turn the mouse wheel",
    output: pointerOutput.extend({
      scrolled: z
        .object({
          notches: z.number().int().describe("How many were turned"),
          pixels: z
            .number()
            .int()
            .nullable()
            .describe("How far what shows has moved; null: the picture does not tell"),
        })
        .nullable()
        .describe("What came of `pixels`; null when it was not asked for"),
    }),
    input: z.strictObject({
      session: sessionRef,
      direction: z
        .enum(["up", "down", "left", "right"])
        .describe("Which way")
        .meta({ cli: { positional: true, value: "DIRECTION" } }),
      notches: z
        .number()
        .int()
        .min(1)
        .max(1000)
        .optional()
        .describe("Notches of the wheel: a program scrolls some lines for each (default 3)")
        .meta({ cli: { positional: true, value: "NOTCHES" } }),
      pixels: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .optional()
        .describe(
          "In place of notches: until the picture has moved by that, as near as notches allow",
        )
        .meta({ cli: { value: "N" } }),
      at: point.optional().describe("Where; by default where the pointer is"),
      on,
      ocr,
      hold,
      ...frame,
      ...afterwards,
    }),
    examples: [
      "nexora scroll down 5",
      "nexora scroll up --at 640,400",
      "nexora scroll down --pixels 600",
    ],
  }),
] as const;
