import { z } from "zod";
import { operation, sessionRef } from "./operation.ts";
import { desktopRegion, regionSchema } from "./screen.ts";

const size = z.object({ width: z.number().int(), height: z.number().int() });

/** Largest PNG, in characters of base64: a request may have 8 MiB. */
const maxPng = 7 * 1024 * 1024;

const diff = operation({
  id: "diff",
  access: "read",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/diff",
  summary: "Compare the screen with how it was, or with a picture",
  description:
    "Without `rev` and `png` with the picture that was last looked at. The screens of the last pictures of a session are remembered, whatever their format and scale. The picture in the reply shows before, now, and what differs in red.",
  help: "BASE is a PNG file, or the rev of an earlier look; without it, the picture that was last looked at. Exit code 0: the same; 1: they differ.",
  input: z.strictObject({
    session: sessionRef,
    rev: z
      .string()
      .regex(/^[0-9a-f]{16}$/, "must be a frame's rev: 16 hexadecimal digits")
      .optional()
      .describe("Compare with the frame of this rev")
      .meta({ cli: { positional: true, value: "BASE", help: "A PNG file, or a rev" } }),
    png: z
      .base64()
      .max(maxPng)
      .optional()
      .describe("Compare with this PNG, as base64")
      .meta({ cli: { hidden: true } }),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("How much may differ, as a part of all pixels that are compared")
      .meta({ cli: { value: "F" } }),
    region: regionSchema
      .optional()
      .describe("Part of the desktop; a PNG has that part's size")
      .meta({ cli: { kind: "region", value: "X,Y,W,H" } }),
    masks: z
      .array(regionSchema)
      .max(64)
      .default([])
      .describe("Parts of the desktop that do not count: clocks, carets")
      .meta({ cli: { flag: "mask", kind: "region", value: "X,Y,W,H" } }),
    image: z
      .boolean()
      .default(true)
      .describe("Include the picture")
      .meta({ cli: { hidden: true } }),
  }),
  output: z.object({
    same: z.boolean().describe("Whether no more differs than `threshold` allows"),
    ratio: z.number().describe("Part of the pixels that differ, from 0 to 1"),
    changed: z.number().int().describe("Pixels that differ"),
    boxes: z.array(desktopRegion).describe("Where they are on the desktop, at most 32"),
    rev: z.string().describe("Identity of the frame as it is now"),
    base: z
      .object({ rev: z.string().nullable(), size })
      .describe("What it was compared with; a PNG has no rev"),
    size: size.describe("Size of what was compared, now"),
    image: z
      .object({
        format: z.literal("png"),
        width: z.number().int(),
        height: z.number().int(),
        bytes: z.number().int(),
        base64: z.string(),
      })
      .nullable()
      .describe("Null when not asked for, and when the sizes differ"),
  }),
  picture: "image",
  errors: ["display_failed", "not_found"],
  localFlags: [
    {
      name: "output",
      short: "o",
      value: "FILE|-",
      description: "Write a picture with before, now and the difference to FILE",
    },
    { name: "update", description: "Write the screen as it is to BASE, and compare nothing" },
  ],
  examples: [
    "nexora diff login.png --update",
    "nexora diff login.png --threshold 0.001 -o difference.png",
    "nexora diff login.png --mask 1180,0,100,20",
  ],
});

export const diffOperations = [diff] as const;
