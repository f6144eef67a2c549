import { conditionOf, conditionWords } from "./condition.ts";
import type { ToolForm } from "./tool.ts";

type Json = Record<string, unknown>;

const text = (description?: string): Json => ({
  type: "string",
  ...(description ? { description } : {}),
});
const flag = (description: string): Json => ({ type: "boolean", description });
const whole = (description?: string): Json => ({
  type: "integer",
  ...(description ? { description } : {}),
});
const point = { type: "object", properties: { x: whole(), y: whole() }, required: ["x", "y"] };

/** Most characters of text that an answer has of the screen: about 4,000 tokens. */
const maxOutput = 16_000;

/** What the tools that act take besides: each answers with what it has changed on the screen. */
const afterwards = {
  wait: text("Then wait for this; see `wait`"),
  timeoutMs: whole(),
  look: { enum: ["refs", "none"], description: "refs: list new references too" },
};

/** Only what has changed: the rest has been read already, and is read again with every later turn. */
function thenLook({ wait, timeoutMs, look, ...fields }: Json): Json {
  const changes = {
    image: false,
    since: "before",
    compact: true,
    refs: look === "refs",
    maxOutput,
  };
  return {
    ...fields,
    ...(wait === undefined ? {} : { wait: waitOf(wait, timeoutMs) }),
    thenScreen: look === "none" ? false : changes,
  };
}

/** In words, or as the operation takes it. */
function waitOf(wait: unknown, timeoutMs: unknown): unknown {
  return typeof wait === "string" ? conditionOf(wait, timeoutMs) : wait;
}

function thenSnapshot(given: Json): Json {
  return { thenSnapshot: true, ...given };
}

/** One word is a line for the shell. */
function words(given: unknown): unknown {
  return typeof given === "string" ? [given] : given;
}

/** A step of a list as the tool of that name takes it, or as the operation does; it shows nothing by itself. */
function stepOf(step: unknown): unknown {
  if (typeof step !== "object" || step === null) return step;
  const steps = Object.entries(step).map(([name, given]) => {
    const id = name.replaceAll("_", ".");
    const { translate } = usualTools[id] ?? {};
    if (!translate || typeof given !== "object") return [id, given];
    const quiet = translate === thenSnapshot ? { thenSnapshot: false } : {};
    return [id, translate({ ...quiet, ...(acts.has(id) ? { look: "none" } : {}), ...given })];
  });
  return Object.fromEntries(steps);
}

const acts: ReadonlySet<string> = new Set(["type", "key", "click", "scroll", "open"]);

/**
 * The tools that do most of the work, by their operation, with few words: a model reads them before
 * each of its steps.
 */
export const usualTools: Readonly<Record<string, ToolForm>> = {
  screen: {
    description: "See the desktop: the exact text of its windows, and with `image` a picture.",
    fields: {
      image: flag("Give a picture too"),
      refs: flag("List what one can act on, by references such as @e5"),
      window: text("Only this window: id, title or class"),
      since: text("A rev: only what has changed since"),
      ocr: flag("Read what is only drawn, too; takes a second or two"),
    },
    translate: (given) => ({ image: false, compact: true, maxOutput, ...given }),
  },
  type: {
    description: "Type text into the focused window, exactly as it is; \\n presses Return.",
    fields: { text: text(), enter: flag("Press Return at the end"), ...afterwards },
    translate: thenLook,
  },
  key: {
    description: "Press keys: Return, Escape, ctrl+c, alt+F4, Up …",
    fields: { keys: { type: "array", items: { type: "string" } }, ...afterwards },
    translate: thenLook,
  },
  click: {
    description: "Click at a point of the desktop, on a text that it shows, or on a reference @e5.",
    fields: {
      at: point,
      on: text("The text or reference"),
      button: { enum: ["left", "middle", "right"] },
      count: whole("2: double click"),
      ...afterwards,
    },
    translate: thenLook,
  },
  scroll: {
    description: "Turn the mouse wheel.",
    fields: {
      direction: { enum: ["up", "down", "left", "right"] },
      notches: whole(),
      at: point,
      ...afterwards,
    },
    translate: thenLook,
  },
  wait: {
    description: "Wait until the screen is as expected.",
    fields: { for: text(conditionWords), timeoutMs: whole("Default 30000") },
    translate: ({ for: condition, ...fields }) =>
      condition === undefined
        ? fields
        : { ...fields, ...conditionOf(String(condition), fields.timeoutMs) },
  },
  exec: {
    description: "Run a shell line outside of the desktop's terminal; its output and exit code.",
    fields: { command: text("A line for bash"), cwd: text(), timeoutMs: whole() },
    translate: ({ command, ...fields }) => ({ ...fields, command: words(command) }),
  },
  open: {
    description: "Open a URL, a file or a program on the desktop, and wait for its window.",
    fields: { target: text("The URL, path or command line"), ...afterwards },
    translate: ({ target, ...fields }) => ({ ...thenLook(fields), target: words(target) }),
  },
  windows: { description: "List the windows." },
  "chrome.goto": {
    description:
      "Open an address in the browser, and wait until it is loaded; what the page shows.",
    fields: { url: text() },
    translate: thenSnapshot,
  },
  "chrome.snapshot": {
    description: "What the browser's page shows, as an outline with references.",
    fields: {},
  },
  "chrome.click": {
    description: "Click in the page; what has changed in it.",
    fields: { target: text("@e5, CSS or text=…") },
    translate: thenSnapshot,
  },
  "chrome.fill": {
    description: "Write into a field of the page, in place of what is in it.",
    fields: { target: text("@e5, CSS or text=…"), text: text(), enter: flag("Then Return") },
    translate: thenSnapshot,
  },
  batch: {
    description:
      'Several tools in order, up to the first that fails; what has changed in the end. {"expect":{"text":["ok"]}} fails unless so. [{"type":{"text":"ls\\n","wait":"prompt"}},{"chrome_select":{"target":"@e5","options":["Red"]}}]',
    fields: {
      actions: { type: "array", items: { type: "object" } },
      look: afterwards.look,
      observe: { enum: ["each"], description: "Show changes after each step" },
    },
    translate: ({ actions, ...fields }) => ({
      // What each step has changed is not told once more at the end.
      ...thenLook({ ...(fields.observe === "each" ? { look: "none" } : {}), ...fields }),
      actions: Array.isArray(actions) ? actions.map(stepOf) : actions,
    }),
  },
};
