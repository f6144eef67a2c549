import { z } from "zod";
import { forceFlag, operation } from "./operation.ts";

const imageSchema = z.object({
  id: z.string(),
  reference: z.string(),
  target: z.enum(["base", "full"]).nullable(),
  sizeBytes: z.number().int(),
  createdAt: z.iso.datetime(),
  current: z.boolean().describe("Whether it was built from what this binary contains"),
});
export type Image = z.infer<typeof imageSchema>;

/** One step of a build's progress. */
const buildEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("step"), step: z.number(), steps: z.number(), text: z.string() }),
  z.object({ type: z.literal("log"), text: z.string() }),
  z.object({ type: z.literal("layer"), sizeBytes: z.number(), text: z.string() }),
  z.object({ type: z.literal("done"), image: imageSchema, durationMs: z.number() }),
]);
export type BuildEvent = z.infer<typeof buildEvent>;

const imageBuild = operation({
  id: "image.build",
  access: "admin",
  method: "POST",
  path: "/v1/images/build",
  summary: "Build the workstation image",
  description: "A stream of step, log and layer; the last item is `done`, with the image.",
  help: "Shows its steps, and at the end the size of each layer and of the whole.",
  input: z.strictObject({
    target: z
      .enum(["base", "full"])
      .default("full")
      .describe("base: a terminal; full: everything that a developer expects")
      .meta({ cli: { positional: true, value: "TARGET" } }),
    noCache: z.boolean().default(false).describe("Rebuild every layer"),
    baseImage: z
      .string()
      .min(1)
      .optional()
      .describe("Image to start from (default debian:trixie-slim)")
      .meta({ cli: { value: "REF" } }),
    mirror: z
      .url()
      .optional()
      .describe("Debian mirror to take packages from")
      .meta({ cli: { value: "URL" } }),
  }),
  output: null,
  stream: { out: "items", item: buildEvent },
  errors: ["engine_unreachable", "engine_failed", "disk_full", "timeout", "conflict"],
});

const imageList = operation({
  id: "image.ls",
  access: "read",
  method: "GET",
  path: "/v1/images",
  summary: "List workstation images",
  input: z.strictObject({}),
  output: z.object({ images: z.array(imageSchema) }),
  errors: ["engine_unreachable", "engine_failed"],
});

const imageRemove = operation({
  id: "image.rm",
  access: "admin",
  method: "DELETE",
  path: "/v1/images/{image}",
  summary: "Remove a workstation image",
  input: z.strictObject({
    image: z
      .string()
      .min(1)
      .meta({ cli: { positional: true, value: "IMAGE" } }),
  }),
  output: z.object({ removed: z.array(z.string()) }),
  errors: ["not_found", "conflict", "engine_unreachable", "engine_failed"],
  localFlags: [forceFlag],
});

export const imageOperations = [imageBuild, imageList, imageRemove] as const;
