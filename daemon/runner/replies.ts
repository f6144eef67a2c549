import { z } from "zod";
import { plainLine } from "../../src/plain-text.ts";
import type {
  RunnerBrowser,
  RunnerCommand,
  RunnerElement,
  RunnerElementActed,
  RunnerElements,
  RunnerEvent,
  RunnerFileStat,
  RunnerFocus,
  RunnerFolder,
  RunnerHealth,
  RunnerInputReply,
  RunnerManagedWindow,
  RunnerOpened,
  RunnerPorts,
  RunnerPrompt,
  RunnerRecording,
  RunnerScreen,
  RunnerSettled,
  RunnerShownWindow,
  RunnerTerminal,
  RunnerWindow,
  RunnerWindowActed,
  RunnerWindows,
} from "../../src/runner/protocol.ts";

/**
 * What a runner's replies (src/runner/protocol.ts) may hold, each field with a bound: the session's user
 * can put a program of his own in the runner's place. Texts that are too long are cut, and all that
 * is a name, a title or a message is one line of printable characters. What an older runner does not
 * tell has a default; what a newer one tells besides is left out.
 */

/** Characters of one row: a cell may hold a character and some combining ones. */
const maxRow = 32 * 1024;
/** Rows of a text: a look asks for 100,000 at most, and the screen's come besides. */
const maxRows = 110_000;
/** Cells of a row, and rows of a screen. */
const maxCells = 2000;

/** Characters of one argument: the kernel takes 128 KiB (execve(2)). */
const maxArgument = 128 * 1024;

const line = (most: number) => z.string().transform((text) => plainLine(text).slice(0, most));
const text = (most: number) => z.string().transform((it) => it.slice(0, most));
const whole = (least: number, most: number) => z.number().int().min(least).max(most);
const count = whole(0, Number.MAX_SAFE_INTEGER);
const id = z.string().max(64);
const pixel = whole(-65_536, 65_536);
const status = whole(-(2 ** 31), 2 ** 31 - 1).nullable();
const rows = z.array(text(maxRow)).max(maxRows);

const rectangle = z.object({
  x: pixel,
  y: pixel,
  width: whole(0, 65_536),
  height: whole(0, 65_536),
});

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

/** Elements of a window: the runner gives no more. */
const maxElements = 4000;

const element = z.object({
  key: z.string().min(1).max(1000),
  role: line(50),
  name: line(500),
  value: text(1000).nullable(),
  states: z.array(line(50)).max(20),
  box: rectangle.nullable(),
  depth: whole(0, 100),
  listed: z.boolean(),
  lines: z.array(z.object({ text: line(maxRow), box: rectangle.nullable() })).max(1000),
}) satisfies z.ZodType<RunnerElement>;

const moment = z.iso.datetime();

const recording = z.object({
  id,
  kind: z.enum(["desktop", "terminal"]),
  path: line(4096),
  bytes: count,
  startedAt: moment,
  endedAt: moment.nullable(),
  ended: z.enum(["stopped", "time", "size", "closed", "failed"]).nullable(),
  error: line(1000).nullable(),
}) satisfies z.ZodType<RunnerRecording>;

/** The schema of each kind of reply. */
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
  recording,
  recordings: z.object({ recordings: z.array(recording).max(10_000) }),
  ports: z.object({
    listeners: z.array(z.object({ port: whole(0, 65_535), address: line(100) })).max(100_000),
  }) satisfies z.ZodType<RunnerPorts>,
  opened: z.object({
    kind: z.enum(["url", "path", "command"]),
    command: z.array(text(maxArgument)).max(1100),
    pid: whole(0, 2 ** 32),
    window: managed,
  }) satisfies z.ZodType<RunnerOpened>,
  elements: z.object({
    windows: z
      .array(
        z.object({
          id,
          degraded: line(1000).nullable(),
          elements: z.array(element).max(maxElements),
        }),
      )
      .max(1000),
  }) satisfies z.ZodType<RunnerElements>,
  elementActed: z.object({
    element: element.nullable(),
    window: id.nullable(),
    done: z.boolean(),
  }) satisfies z.ZodType<RunnerElementActed>,
  input: z.object({ terminal: id, inputBytes: count }) satisfies z.ZodType<RunnerInputReply>,
  settled: z.object({
    terminal: id.nullable(),
    seq: count,
    still: z.boolean(),
  }) satisfies z.ZodType<RunnerSettled>,
  stat: z.object({
    type: z.enum(["file", "directory", "other", "none"]),
    sizeBytes: count,
  }) satisfies z.ZodType<RunnerFileStat>,
  folder: z.object({
    entries: z
      .array(z.object({ name: line(4096), type: z.enum(["file", "directory", "other"]) }))
      .max(10_000),
    truncated: z.boolean(),
  }) satisfies z.ZodType<RunnerFolder>,
  browser: z.object({
    installed: z.boolean(),
    running: z
      .object({ version: line(100), path: z.string().regex(/^\/devtools\/browser\/[\w-]{1,100}$/) })
      .nullable(),
    pid: whole(0, 2 ** 32).nullable(),
    started: z.boolean(),
  }) satisfies z.ZodType<RunnerBrowser>,
  browserPages: z.array(z.string().max(100)).max(10_000),
  unpacked: z.object({ path: line(4096) }),
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
