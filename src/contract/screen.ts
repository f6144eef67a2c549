import { z } from "zod";
import { operation, plainText, sessionRef, sizeSchema, thingRef } from "./operation.ts";
import { patternSchema } from "./pattern.ts";

export const regionSchema = z.strictObject({
  x: z.number().int().min(0),
  y: z.number().int().min(0),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
});

/** A window may reach over the desktop's edges. */
export const desktopRegion = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});

const terminalFacts = z.object({
  columns: z.number().int(),
  rows: z.number().int(),
  cursor: z
    .object({ x: z.number().int(), y: z.number().int(), visible: z.boolean() })
    .describe("Cell of the text cursor, from 0, on the screen (scrollback not counted)"),
  alternate: z.boolean().describe("Whether a full-screen program shows"),
  prompt: z.boolean().describe("Whether the shell is at its prompt"),
  exitStatus: z.number().int().nullable().describe("Status of the last command"),
  command: z.string().nullable().describe("Foreground command"),
  lastCommand: z
    .object({
      ordinal: z.number().int().describe("How many commands the shell has started, this included"),
      line: z.string().nullable().describe("As it was typed; null when unknown"),
      running: z.boolean(),
      exitStatus: z.number().int().nullable().describe("Null while it runs, or when unknown"),
    })
    .nullable()
    .describe("The command that runs or ran last; null before the first"),
});

/** Text of one window. What is on the screen is a list of them, the focused window's first. */
const textBlock = z.object({
  window: z.string().nullable().describe("Id of the window; null when none shows"),
  title: z.string().nullable().describe("The window's title"),
  class: z.string().nullable().describe("Kind of the window, as its program says it"),
  source: z
    .enum(["terminal", "page", "accessibility", "ocr", "none"])
    .describe(
      "Where the text comes from: `terminal` is exact, `ocr` recognised in the picture; `none`: there is none",
    ),
  region: desktopRegion.nullable().describe("Where the window is on the desktop"),
  lines: z
    .array(z.string())
    .describe("Rows that show, trailing spaces removed; a terminal's scrollback first"),
  rows: z
    .array(z.number().int())
    .nullable()
    .describe(
      "Which rows `lines` has, from 1, when some were left out, as asked or because something covers them; null: all of them",
    ),
  cursor: z
    .object({
      row: z.number().int().describe("Row, from 1, as `rows` counts"),
      column: z.number().int().describe("Column, from 1"),
      line: z.number().int().nullable().describe("Which of `lines` that is, from 1; null: none"),
    })
    .nullable()
    .describe("Where the text cursor is, when asked for"),
  marks: z
    .array(
      z.object({
        row: z.number().int().describe("Row, from 1, as `rows` counts"),
        at: z.number().int().describe("Where the text begins in the row, from 0"),
        text: z.string(),
      }),
    )
    .nullable()
    .describe("What is highlighted, when asked for"),
  refs: z
    .array(
      z.object({
        ref: thingRef.describe("Its reference: the same as long as it is there"),
        role: z.string().describe("What it is, as WAI-ARIA names it"),
        name: z.string(),
        value: z.string().nullable().describe("Of what can be typed into, or set"),
        states: z.array(z.string()).describe("Words such as `checked`, `disabled`, `focused`"),
        box: desktopRegion.nullable().describe("What is seen of it, on the desktop; null: unknown"),
        depth: z.number().int().describe("In how many other things it is"),
        holds: z.number().int().describe("How many in it are left out: `refsIn` lists them"),
      }),
    )
    .nullable()
    .describe("What one can act on in it, in reading order, when asked for"),
  degraded: z.string().nullable().describe("Why the text is incomplete, if it is"),
  terminal: terminalFacts.nullable().describe("Facts of a terminal; null for other windows"),
});
export type TextBlock = z.output<typeof textBlock>;

const windowSchema = z.object({
  id: z.string().describe("X window id, 0x…"),
  title: z.string(),
  class: z.string(),
  region: desktopRegion,
});

const imageSchema = z.object({
  format: z.enum(["png", "jpeg", "webp"]),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  base64: z.string(),
  scaleX: z
    .number()
    .describe("Multiply a pixel's x in the image by this, add offsetX: the desktop's x"),
  scaleY: z.number(),
  offsetX: z.number().int(),
  offsetY: z.number().int(),
});

export const screenOutput = z.object({
  rev: z
    .string()
    .nullable()
    .describe(
      "Identity of the frame: equal pixels have equal revs; null when only text was asked for",
    ),
  textRev: z
    .string()
    .nullable()
    .describe("Identity of all text on the screen; null when it was not asked for"),
  changed: z
    .boolean()
    .nullable()
    .describe("Whether the frame, or the text, differs from `since`; null without it"),
  boxes: z
    .array(desktopRegion)
    .nullable()
    .describe(
      "Parts of the desktop whose pixels have changed since the frame `since`, a few that hold all; null when that is not known",
    ),
  time: z.iso.datetime(),
  size: sizeSchema,
  pointer: z.object({ x: z.number().int(), y: z.number().int() }).nullable(),
  window: windowSchema.nullable().describe("The focused window"),
  text: z
    .array(textBlock)
    .nullable()
    .describe(
      "A block for each window that shows: the focused one's first, then the topmost. With `since` only those that have changed, and the focused one's. Null when not asked for",
    ),
  gone: z
    .array(z.string())
    .nullable()
    .describe("Windows that showed text at `since` and show no more; null when that is not known"),
  degraded: z.string().nullable().describe("What of the whole screen could not be told, and why"),
  image: imageSchema.nullable(),
});
export type ScreenOutput = z.infer<typeof screenOutput>;

/** How a look at the screen is taken; all that shows the screen takes these. */
export const screenOptions = z.strictObject({
  image: z
    .boolean()
    .default(true)
    .describe("Include the picture")
    .meta({ cli: { hidden: true } }),
  text: z
    .boolean()
    .default(true)
    .describe("Include the text")
    .meta({ cli: { hidden: true } }),
  format: z.enum(["png", "jpeg", "webp"]).default("png").describe("Format of the picture"),
  quality: z.number().int().min(1).max(100).default(80).describe("Quality of jpeg and webp"),
  scale: z
    .string()
    .regex(
      /^(0?\.\d+|1(\.0+)?|\d{2,5}x\d{2,5})$/,
      "must be a factor above 0 and up to 1 (0.5), or WIDTHxHEIGHT",
    )
    .optional()
    .describe("Factor (0.5) or maximum size (640x400) of the picture")
    .meta({ cli: { value: "F|WxH" } }),
  region: regionSchema
    .optional()
    .describe("Part of the desktop")
    .meta({ cli: { kind: "region", value: "X,Y,W,H" } }),
  window: plainText
    .min(1)
    .max(1000)
    .optional()
    .describe("Only this window, text and picture: its id, title or class")
    .meta({ cli: { value: "WINDOW" } }),
  lines: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe("Include this many lines of scrollback"),
  since: z
    .string()
    .max(64)
    .optional()
    .describe(
      "A rev: of the text only what has changed since, and no picture unless its pixels have. After an action also `before`: what it has changed",
    )
    .meta({ cli: { value: "REV" } }),
  lastOutput: z
    .boolean()
    .default(false)
    .describe("Give as text what the last command printed, as far as it is kept"),
  tail: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("Only the last rows of the text, this many; empty ones at the end do not count")
    .meta({ cli: { value: "N" } }),
  ocr: z
    .boolean()
    .default(false)
    .describe("Recognise text in windows whose text is not known otherwise; takes a second or two"),
  maxOutput: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe("At most this many characters of text and references, the focused window's first")
    .meta({ cli: { value: "N" } }),
  grep: patternSchema
    .optional()
    .describe("Only the rows of the text that match")
    .meta({ cli: { value: "RE" } }),
  compact: z
    .boolean()
    .default(false)
    .describe("One row of the text for each run of empty ones, or of `~`"),
  marks: z
    .boolean()
    .default(false)
    .describe("Say what is highlighted, by reverse video or another background"),
  cursor: z.boolean().default(false).describe("Say where the text cursor is"),
  refs: z
    .boolean()
    .default(false)
    .describe(
      "List what can be acted on, by references such as @e12; of a great many only an outline",
    ),
  refsIn: thingRef
    .optional()
    .describe("The same of what is in this thing")
    .meta({ cli: { value: "@REF" } }),
});
export type ScreenOptions = z.output<typeof screenOptions>;

const screen = operation({
  id: "screen",
  access: "read",
  session: "running",
  method: "GET",
  path: "/v1/sessions/{session}/screen",
  summary: "Show the screen: pixels and text in one call",
  input: screenOptions.extend({ session: sessionRef }),
  output: screenOutput,
  picture: "image",
  errors: ["not_found", "conflict", "stale_ref", "display_failed"],
  localFlags: [
    {
      name: "output",
      short: "o",
      value: "FILE|-",
      description: "Write the picture to FILE; - is standard output",
    },
    { name: "text", description: "Print only the text" },
  ],
  examples: [
    "nexora screen",
    "nexora screen --text",
    "nexora screen --refs",
    "nexora screen --last-output --tail 20",
    "nexora screen --since t5cb668a13b14b66",
    "nexora screen -o shot.png --scale 0.5",
  ],
});

export const screenOperations = [screen] as const;
