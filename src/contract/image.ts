import { z } from "zod";
import { operation } from "./operation.ts";

const imageSchema = z.object({
  id: z.string(),
  reference: z.string(),
  target: z.enum(["base", "full"]).nullable(),
  sizeBytes: z.number().int(),
  createdAt: z.iso.datetime(),
  current: z.boolean().describe("Whether it was built from what this binary contains"),
});
export type Image = z.infer<typeof imageSchema>;

export const imageBuild = operation({
  id: "image.build",
  method: "POST",
  path: "/v1/images/build",
  summary: "Build the workstation image, with its progress",
  description:
    "NDJSON: {type:step|log|layer|done|error, …}; the last line is `done` with the image or `error`.",
  input: z.object({
    target: z
      .enum(["base", "full"])
      .default("full")
      .describe("base: a terminal; full: all that a developer expects")
      .meta({ cli: { positional: true, value: "TARGET" } }),
    noCache: z.boolean().default(false).describe("Build every layer anew"),
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
  output: imageSchema,
  errors: ["engine_unreachable", "engine_failed", "disk_full"],
  responseTypes: ["application/x-ndjson"],
});

export const imageList = operation({
  id: "image.ls",
  method: "GET",
  path: "/v1/images",
  summary: "List workstation images",
  input: z.object({}),
  output: z.object({ images: z.array(imageSchema) }),
  errors: ["engine_unreachable"],
});

export const imageRemove = operation({
  id: "image.rm",
  method: "DELETE",
  path: "/v1/images/{image}",
  summary: "Remove a workstation image",
  input: z.object({
    image: z
      .string()
      .min(1)
      .meta({ cli: { positional: true, value: "IMAGE" } }),
  }),
  output: z.object({ removed: z.array(z.string()) }),
  errors: ["not_found", "conflict", "engine_unreachable"],
});

/** One line of `image build`'s NDJSON. */
export type BuildEvent =
  | { type: "step"; step: number; steps: number; text: string }
  | { type: "log"; text: string }
  | { type: "layer"; sizeBytes: number; text: string }
  | { type: "done"; image: Image; durationMs: number }
  | { type: "error"; error: unknown };
