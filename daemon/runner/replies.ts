import { z } from "zod";
import type { RunnerEvent, RunnerHealth, RunnerPorts } from "../../src/runner/protocol.ts";
import type { RunnerFocus, RunnerScreen } from "../../src/runner/screen.ts";
import type {
  RunnerCommand,
  RunnerInputReply,
  RunnerPrompt,
  RunnerSettled,
  RunnerTerminal,
} from "../../src/runner/terminal.ts";
import type {
  RunnerManagedWindow,
  RunnerOpened,
  RunnerShownWindow,
  RunnerWindow,
  RunnerWindowActed,
  RunnerWindows,
} from "../../src/runner/windows.ts";
import { count, id, line, maxRow, pixel, rectangle, status, text, whole } from "./bounds.ts";

/** Rows of a text: a look asks for 100,000 at most, and the screen's come besides. */
const maxRows = 110_000;
/** Cells of a row, and rows of a screen. */
const maxCells = 2000;

/** Characters of one argument: the kernel takes 128 KiB (execve(2)). */
const maxArgument = 128 * 1024;

const rows = z.array(text(maxRow)).max(maxRows);

const windowReply = rectangle.extend({
  id,
  title: line(1000),
  class: line(1000),
  terminal: id.nullable(),
}) satisfies z.ZodType<RunnerWindow>;

const shown = windowReply.extend({
  pid: whole(0, 2 ** 32).nullable(),
  managed: z.boolean(),
  frame: rectangle,
  cells: rectangle.nullable(),
}) satisfies z.ZodType<RunnerShownWindow>;

const managed = windowReply.extend({
  focused: z.boolean(),
  pid: whole(0, 2 ** 32).nullable(),
  state: z.enum(["normal", "maximized", "minimized", "fullscreen"]),
  desktop: whole(0, 2 ** 32).nullable(),
  dialogOf: id.nullable(),
  frame: rectangle,
  cells: rectangle.nullable().default(null),
}) satisfies z.ZodType<RunnerManagedWindow>;

const command = z.object({
  ordinal: count,
  line: text(64 * 1024).nullable(),
  running: z.boolean(),
  exitStatus: status,
}) satisfies z.ZodType<RunnerCommand>;

const prompt = z.object({
  id,
  prompt: z.boolean(),
  exitStatus: status,
  lastCommand: command.nullable().default(null),
}) satisfies z.ZodType<RunnerPrompt>;

const terminal = prompt.extend({
  seq: count,
  columns: whole(1, maxCells),
  rows: whole(1, maxCells),
  lines: rows,
  cursor: z.object({ x: whole(0, maxCells), y: whole(0, maxCells), visible: z.boolean() }),
  title: line(1000),
  alternate: z.boolean(),
  degraded: line(1000).nullable(),
  command: text(64 * 1024).nullable(),
  inputBytes: count,
  input: z.enum(["waits", "works", "unknown"]).nullable().default(null),
  output: z
    .object({ lines: rows, missing: z.enum(["scrolled", "cleared", "full-screen"]).nullable() })
    .nullable()
    .default(null),
  marks: z
    .array(z.object({ row: whole(0, maxCells), at: whole(0, maxRow), text: text(maxRow) }))
    .max(100_000)
    .nullable()
    .default(null),
}) satisfies z.ZodType<RunnerTerminal>;

/** The schema of each kind of reply about terminals, windows and the whole. */
export const replies = {
  health: z.object({
    version: line(100),
    uptimeMs: z.number(),
    ready: z.boolean(),
    checks: z.array(z.object({ name: line(100), ok: z.boolean(), message: line(1000) })).max(100),
  }) satisfies z.ZodType<RunnerHealth>,
  screen: z.object({
    focused: windowReply.nullable(),
    terminal: terminal.nullable(),
    prompts: z.array(prompt).max(1000).default([]),
    windows: z.array(shown).max(2000).nullable().default(null),
    others: z.array(terminal).max(100).default([]),
  }) satisfies z.ZodType<RunnerScreen>,
  focus: z.object({
    window: windowReply.nullable(),
    terminal: z.object({ id, inputBytes: count }).nullable(),
  }) satisfies z.ZodType<RunnerFocus>,
  windows: z.object({
    windows: z.array(managed).max(10_000),
    pointer: z.object({ x: pixel, y: pixel, window: id.nullable() }),
  }) satisfies z.ZodType<RunnerWindows>,
  windowActed: z.object({
    window: managed.nullable(),
    done: z.boolean(),
  }) satisfies z.ZodType<RunnerWindowActed>,
  ports: z.object({
    listeners: z.array(z.object({ port: whole(0, 65_535), address: line(100) })).max(100_000),
  }) satisfies z.ZodType<RunnerPorts>,
  opened: z.object({
    kind: z.enum(["url", "path", "command"]),
    command: z.array(text(maxArgument)).max(1100),
    pid: whole(0, 2 ** 32),
    window: managed,
  }) satisfies z.ZodType<RunnerOpened>,
  input: z.object({ terminal: id, inputBytes: count }) satisfies z.ZodType<RunnerInputReply>,
  settled: z.object({
    terminal: id.nullable(),
    seq: count,
    still: z.boolean(),
  }) satisfies z.ZodType<RunnerSettled>,
};

/** An event of a runner; what no event is like is passed over. */
export const eventReply = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("heartbeat"),
    time: z.number(),
    endings: count.default(0),
    ending: line(100).default(""),
  }),
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("terminal"), id, seq: count, prompt: z.boolean() }),
  z.object({ type: z.literal("input"), id }),
  z.object({ type: z.literal("windows") }),
  z.object({ type: z.literal("ports") }),
  z.object({ type: z.literal("prompt"), id, exitStatus: status }),
  z.object({ type: z.literal("focus"), window: windowReply.nullable() }),
]) satisfies z.ZodType<RunnerEvent>;
