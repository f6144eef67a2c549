import { z } from "zod";
import {
  acted,
  acting,
  acts,
  changes,
  chromePath,
  hold,
  target,
  targetArgument,
} from "./chrome-target.ts";
import { operation } from "./operation.ts";

const coordinate = z.number().int().min(0).max(100_000);
const at = z
  .strictObject({ x: coordinate, y: coordinate })
  .optional()
  .describe("A point in the target, from its upper left corner; its middle unless said otherwise")
  .meta({ cli: { kind: "point", value: "X,Y" } });

export const chromePointingOperations = [
  operation({
    ...acts,
    id: "chrome.click",
    path: `${chromePath}/click`,
    summary: "Click an element of the page",
    description:
      "It is scrolled into view, and clicked once it stands still and nothing covers it; else the error says what does.",
    input: z.strictObject({
      ...acting,
      target: targetArgument,
      button: z
        .enum(["left", "middle", "right", "back", "forward"])
        .default("left")
        .describe("Which button"),
      count: z.number().int().min(1).max(5).default(1).describe("2: a double click"),
      hold,
      at,
    }),
    output: acted,
    examples: ["nexora chrome click @e5", "nexora chrome click 'role=button[name=\"Save\"]'"],
  }),
  operation({
    ...acts,
    id: "chrome.hover",
    path: `${chromePath}/hover`,
    summary: "Move the pointer over an element of the page",
    input: z.strictObject({ ...acting, target: targetArgument, hold, at }),
    output: acted,
    examples: ["nexora chrome hover @e5"],
  }),
  operation({
    ...acts,
    id: "chrome.scroll",
    path: `${chromePath}/scroll`,
    summary: "Scroll an element into view, or turn the wheel over it",
    description:
      "Without a distance the target is brought into view; without a target the page itself is scrolled.",
    input: z.strictObject({
      ...acting,
      target: target.optional().meta({ cli: { positional: true, value: "TARGET" } }),
      down: z
        .number()
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .optional()
        .describe("This many pixels down; less than 0: up"),
      right: z
        .number()
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .optional()
        .describe("This many pixels to the right; less than 0: to the left"),
    }),
    output: z.object({
      target: z.string().nullable(),
      x: z.number().describe("Pixels that it is scrolled from its left edge"),
      y: z.number().describe("Pixels from its upper edge"),
      maxX: z.number(),
      maxY: z.number().describe("`y` when its end has been reached"),
      ...changes,
    }),
    examples: ["nexora chrome scroll @e5", "nexora chrome scroll --down 600"],
  }),
  operation({
    ...acts,
    id: "chrome.drag",
    path: `${chromePath}/drag`,
    summary: "Drag one element of the page to another",
    input: z.strictObject({
      ...acting,
      from: target.meta({ cli: { positional: true, value: "FROM" } }),
      to: target.describe("Where it is let go").meta({ cli: { positional: true, value: "TO" } }),
      hold,
    }),
    output: z.object({ from: z.string().nullable(), to: z.string().nullable(), ...changes }),
    examples: ["nexora chrome drag @e5 @e9"],
  }),
] as const;
