import { z } from "zod";
import { operation, sessionRef, sizeSchema } from "./operation.ts";

export const regionSchema = z.object({
  x: z.number().int().min(0),
  y: z.number().int().min(0),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
});

const screenText = z.object({
  source: z.enum(["terminal", "none"]).describe("Where the text comes from, in order of trust"),
  degraded: z.string().nullable().describe("Why the text is incomplete, if it is"),
  window: z.string().nullable().describe("Id of the window that it belongs to"),
  lines: z.array(z.string()).describe("Rows of the terminal, trailing spaces removed"),
  columns: z.number().int(),
  rows: z.number().int(),
  cursor: z
    .object({ x: z.number().int(), y: z.number().int(), visible: z.boolean() })
    .nullable()
    .describe("Cell of the text cursor, from 0"),
  alternate: z.boolean().describe("Whether a full-screen program shows"),
  prompt: z.boolean().describe("Whether the shell is at its prompt"),
  exitStatus: z.number().int().nullable().describe("Status of the last command"),
  command: z.string().nullable().describe("Foreground command"),
});

const windowSchema = z.object({
  id: z.string().describe("X window id, 0x…"),
  title: z.string(),
  class: z.string(),
  region: z.object({
    x: z.number().int(),
    y: z.number().int(),
    width: z.number().int(),
    height: z.number().int(),
  }),
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
    .describe("Identity of the frame: equal pixels have equal revs; null when only text was asked"),
  changed: z
    .boolean()
    .nullable()
    .describe("Whether the frame differs from `since`; null without it"),
  time: z.iso.datetime(),
  size: sizeSchema,
  pointer: z.object({ x: z.number().int(), y: z.number().int() }).nullable(),
  window: windowSchema.nullable().describe("The focused window"),
  text: screenText.nullable(),
  image: imageSchema.nullable(),
});
export type ScreenOutput = z.infer<typeof screenOutput>;

export const screen = operation({
  id: "screen",
  method: "GET",
  path: "/v1/sessions/{session}/screen",
  summary: "See the screen: pixels and exact text in one call",
  description:
    "With `Accept: image/*` the reply is the picture itself and the rest is in `x-nexora-*` headers.",
  input: z.object({
    session: sessionRef,
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
        "a factor above 0 up to 1 (0.5), or WIDTHxHEIGHT",
      )
      .optional()
      .describe("Factor (0.5) or the largest WxH that the picture may have")
      .meta({ cli: { value: "F|WxH" } }),
    region: regionSchema
      .optional()
      .describe("Part of the desktop")
      .meta({ cli: { kind: "region", value: "X,Y,W,H" } }),
    lines: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(0)
      .describe("Also this many lines of scrollback"),
    since: z
      .string()
      .max(64)
      .optional()
      .describe("A rev: without change, no picture is sent")
      .meta({ cli: { value: "REV" } }),
  }),
  output: screenOutput,
  errors: ["usage", "session_not_found", "session_stopped", "display_failed", "timeout"],
  responseTypes: ["application/json", "image/png", "image/jpeg", "image/webp"],
  localFlags: [
    {
      name: "output",
      short: "o",
      value: "FILE|-",
      description: "Write the picture there; - is standard output",
    },
    { name: "text", description: "Only the text" },
  ],
  examples: ["nexora screen", "nexora screen --text", "nexora screen -o shot.png --scale 0.5"],
});
