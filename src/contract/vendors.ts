import { z } from "zod";
import { durationMs, operation, plainText, sessionRef } from "./operation.ts";

/** A block or item as a vendor's API has it: of what is not ours, nothing is asked but its type. */
const asWritten = z.looseObject({ type: z.string() });
const list = z.union([z.array(asWritten).max(1000), asWritten.transform((it) => [it])]);

const display = z
  .strictObject({
    width: z.number().int().min(1).max(8192),
    height: z.number().int().min(1).max(8192),
  })
  .optional();
const displayText =
  "Size in pixels of the pictures that the model gets, and so what its coordinates are those of: what the tool's definition declares. By default the desktop's own, made smaller only where the vendor's limits ask for it";

const common = { session: "running", verb: null } as const;

const text = z.object({ type: z.literal("text"), text: z.string() });
const picture = z.object({
  type: z.literal("image"),
  source: z.object({
    type: z.literal("base64"),
    media_type: z.enum(["image/png", "image/jpeg"]),
    data: z.string(),
  }),
});

const toolResult = z.object({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  toolset_name: z.literal("computer").optional(),
  content: z.union([z.string(), z.array(z.union([text, picture]))]),
  is_error: z.literal(true).optional(),
});
export type ToolResult = z.output<typeof toolResult>;

const anthropicRun = operation({
  ...common,
  id: "anthropic.run",
  access: "act",
  method: "POST",
  path: "/v1/sessions/{session}/anthropic",
  summary:
    "Carry out what a Claude model has asked of Anthropic's computer, bash and text editor tools",
  description:
    "`content` is that of the assistant's message, as it is; the reply's is that of the next user message. The calls are carried out in order; after a computer action that fails, the rest is not. What is wrong with a call is told to the model, in its result.",
  input: z.strictObject({
    session: sessionRef,
    content: list.describe("Blocks of the assistant's message, or one; only tool_use is looked at"),
    display: display.describe(displayText),
    picture: z
      .boolean()
      .default(true)
      .describe(
        "Put a picture into the last action's result, when the model has not asked for one after it",
      ),
    conversation: plainText
      .min(1)
      .max(64)
      .default("default")
      .describe("Which conversation it is: each has a shell of its own, and its edits to undo"),
    bashTimeoutMs: durationMs
      .min(1)
      .max(24 * 3600 * 1000)
      .default(120_000)
      .describe("Longest time of a bash command; one that takes longer is ended, and bash with it"),
    maxCharacters: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        "`max_characters` of the text editor's definition: of a file so many are shown; 200,000 when it says nothing, and never more than 1,000,000",
      ),
  }),
  output: z.object({
    content: z.array(toolResult).describe("A tool_result for each call, in the order of the calls"),
    left: z
      .array(z.string())
      .describe("Ids of the calls of other tools, which nobody has answered yet"),
  }),
  errors: ["display_failed"],
});

/** Which of Anthropic's tools a request is made with, by the date of the computer's. */
const anthropicVersions = ["20260801", "20251124", "20250124", "20241022"] as const;
export type AnthropicVersion = (typeof anthropicVersions)[number];

const anthropicTools = operation({
  ...common,
  id: "anthropic.tools",
  access: "read",
  method: "GET",
  path: "/v1/sessions/{session}/anthropic",
  summary: "What to put into a request so that a Claude model gets these tools",
  input: z.strictObject({
    session: sessionRef,
    version: z
      .enum(anthropicVersions)
      .default("20260801")
      .describe("Date of the computer tool that the model knows; the others are those of its time"),
  }),
  output: z.object({
    tools: z.array(z.looseObject({ type: z.string() })).describe("The request's `tools`"),
    betas: z.array(z.string()).describe("Its `betas`; none: it needs no such header"),
    display: z
      .object({ width: z.number().int(), height: z.number().int() })
      .describe("To be given as `display` with the calls"),
  }),
  errors: [],
});

const screenshot = z.object({
  type: z.literal("computer_call_output"),
  call_id: z.string(),
  output: z.object({ type: z.literal("computer_screenshot"), image_url: z.string() }),
  acknowledged_safety_checks: z
    .array(
      z.object({
        id: z.string(),
        code: z.string().nullable().optional(),
        message: z.string().nullable().optional(),
      }),
    )
    .optional(),
});
const note = z.object({
  type: z.literal("message"),
  role: z.literal("user"),
  content: z.array(z.object({ type: z.literal("input_text"), text: z.string() })),
});
export type OpenAiInput = z.output<typeof screenshot> | z.output<typeof note>;

const openaiRun = operation({
  ...common,
  id: "openai.run",
  access: "act",
  method: "POST",
  path: "/v1/sessions/{session}/openai",
  summary: "Carry out what a model has asked of OpenAI's computer tool",
  description:
    "`output` is that of the response, as it is; the reply's `input` is that of the next request. The actions are carried out in order, up to the first that fails; a message to the model says which and why. A call with a safety check that is not in `acknowledged` is refused, and nothing is done (409).",
  input: z.strictObject({
    session: sessionRef,
    output: list.describe("Items of the response, or one; only computer_call is looked at"),
    display: display.describe(displayText),
    acknowledged: z
      .array(z.string())
      .max(100)
      .default([])
      .describe("Ids of the pending safety checks that somebody has agreed to"),
  }),
  output: z.object({
    input: z
      .array(z.union([screenshot, note]))
      .describe("A computer_call_output for each call, and a message when an action has failed"),
    left: z
      .array(z.string())
      .describe("Ids of the calls of other tools, which nobody has answered yet"),
  }),
  errors: ["conflict", "display_failed"],
});

const openaiTools = operation({
  ...common,
  id: "openai.tools",
  access: "read",
  method: "GET",
  path: "/v1/sessions/{session}/openai",
  summary: "What to put into a request so that an OpenAI model gets the computer",
  input: z.strictObject({
    session: sessionRef,
    preview: z
      .boolean()
      .default(false)
      .describe("For computer-use-preview, which is told the size of the display"),
  }),
  output: z.object({
    tools: z.array(z.looseObject({ type: z.string() })).describe("The request's `tools`"),
    display: z
      .object({ width: z.number().int(), height: z.number().int() })
      .describe("To be given as `display` with the calls"),
  }),
  errors: [],
});

export const vendorOperations = [anthropicRun, anthropicTools, openaiRun, openaiTools] as const;
