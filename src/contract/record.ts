import { z } from "zod";
import { durationMs, operation, sessionRef } from "./operation.ts";

const recording = z.object({
  id: z.string(),
  kind: z
    .enum(["desktop", "terminal"])
    .describe("A film of the desktop (WebM), or of a terminal (asciicast v2)"),
  path: z.string().describe("The file, in the workstation"),
  bytes: z.number().int().describe("Its size so far"),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable().describe("Null while it goes on"),
  ended: z
    .enum(["stopped", "time", "size", "closed", "failed"])
    .nullable()
    .describe("Why: as asked, its time or size is over, its terminal has closed, or `error`"),
  error: z.string().nullable(),
});
export type Recording = z.output<typeof recording>;

const session = { session: sessionRef };
const one = {
  ...session,
  recording: z
    .string()
    .regex(/^r\d{1,9}$/, "must be the id of a recording, as r1")
    .describe("Id of the recording")
    .meta({ cli: { positional: true, value: "RECORDING" } }),
};
const path = "/v1/sessions/{session}/recordings";
const common = { session: "running", errors: ["not_found", "action_failed"] } as const;

export const recordOperations = [
  operation({
    ...common,
    id: "record",
    access: "act",
    method: "POST",
    path,
    summary: "Record the desktop as a film, or a terminal",
    description:
      "The recording goes on in the workstation, whoever has begun it, until it is stopped, its time or size is over, or the session ends.",
    help: "A film of the desktop (WebM, up to 15 pictures a second), or with --terminal or -o FILE.cast what the focused terminal shows (asciicast v2, which `asciinema play` replays). Stops at --for or at Ctrl-C and copies it to FILE; with --detach it goes on in the workstation.",
    input: z.strictObject({
      ...session,
      terminal: z.boolean().default(false).describe("The focused terminal, not the desktop"),
      forMs: durationMs
        .min(100)
        .max(24 * 3600 * 1000)
        .default(600_000)
        .describe("Stop after this long (default 10 minutes)")
        .meta({ cli: { flag: "for", kind: "duration", value: "DUR" } }),
      maxBytes: z
        .number()
        .int()
        .min(64 * 1024)
        .max(4 * 1024 ** 3)
        .default(256 * 1024 ** 2)
        .describe("Stop at this size (default 256 MiB)")
        .meta({ cli: { flag: "max-size", kind: "bytes", value: "SIZE" } }),
      fps: z
        .number()
        .int()
        .min(1)
        .max(15)
        .default(15)
        .describe("Pictures a second, of the desktop"),
    }),
    output: recording,
    errors: ["conflict", "action_failed"],
    localFlags: [
      { name: "output", short: "o", value: "FILE", description: "Copy it to FILE when it ends" },
      { name: "detach", description: "Print its id and return at once" },
    ],
    examples: [
      "nexora record -o demo.webm --for 30s",
      "nexora record -o session.cast",
      "nexora record --detach",
    ],
  }),
  operation({
    ...common,
    id: "recordings",
    access: "read",
    method: "GET",
    path,
    summary: "List the recordings of a session since its start",
    input: z.strictObject(session),
    output: z.object({ recordings: z.array(recording) }),
    errors: [],
    examples: ["nexora recordings"],
  }),
  operation({
    ...common,
    id: "recording.show",
    access: "read",
    verb: null,
    method: "GET",
    path: `${path}/{recording}`,
    summary: "Show a recording, now or once it has ended",
    input: z.strictObject({
      ...one,
      wait: z.boolean().default(false).describe("Reply when it has ended"),
    }),
    output: recording,
  }),
  operation({
    ...common,
    id: "recording.stop",
    access: "act",
    method: "POST",
    path: `${path}/{recording}/stop`,
    summary: "Stop a recording; its file stays",
    input: z.strictObject(one),
    output: recording,
    examples: ["nexora recording stop r1"],
  }),
  operation({
    ...common,
    id: "recording.rm",
    access: "act",
    method: "DELETE",
    path: `${path}/{recording}`,
    summary: "Stop a recording and remove its file",
    input: z.strictObject(one),
    output: recording,
    examples: ["nexora recording rm r1"],
  }),
] as const;
