import { z } from "zod";
import { operation, sessionRef } from "./operation.ts";

const selection = z
  .enum(["clipboard", "primary"])
  .default("clipboard")
  .describe("`clipboard`: what ctrl+c copies; `primary`: what is selected");

/** Longest text and largest picture, in characters of the request, of which all may have 8 MiB. */
const maxContent = 7 * 1024 * 1024;

export const clipboardOperations = [
  operation({
    id: "clip.get",
    access: "read",
    session: "running",
    method: "GET",
    path: "/v1/sessions/{session}/clipboard",
    summary: "Print what is in the clipboard",
    input: z.strictObject({
      session: sessionRef,
      selection,
      picture: z.boolean().default(false).describe("Its picture, in place of its text"),
    }),
    output: z.object({
      types: z.array(z.string()).describe("What its owner can give, as X names it"),
      text: z.string().nullable().describe("Null: there is none, or it was not asked for"),
      picture: z
        .object({ type: z.string(), bytes: z.number().int(), base64: z.string() })
        .nullable()
        .describe("Null: there is none, or it was not asked for"),
    }),
    errors: ["action_failed"],
    localFlags: [
      { name: "output", short: "o", value: "FILE", description: "Write the picture to FILE" },
    ],
    examples: ["nexora clip get", "nexora clip get --picture -o copied.png"],
  }),
  operation({
    id: "clip.set",
    access: "act",
    turn: "whole",
    session: "running",
    method: "PUT",
    path: "/v1/sessions/{session}/clipboard",
    summary: "Put text or a picture into the clipboard",
    input: z.strictObject({
      session: sessionRef,
      text: z
        .string()
        .max(maxContent)
        .optional()
        .describe("The text")
        .meta({
          cli: { positional: true, value: "TEXT", help: "The text; - reads standard input" },
        }),
      picture: z
        .base64()
        .max(maxContent)
        .optional()
        .describe("A PNG, as base64")
        .meta({ cli: { value: "FILE", help: "A PNG file" } }),
      selection,
    }),
    output: z.object({ bytes: z.number().int().describe("Size of what is in it now") }),
    errors: ["action_failed"],
    examples: ["nexora clip set 'some text'", "nexora clip set --picture shot.png"],
  }),
] as const;
