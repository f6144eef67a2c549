import { conditionOf, conditionWords } from "./condition.ts";
import type { ToolForm } from "./tool.ts";

type Json = Record<string, unknown>;

const text = (description: string): Json => ({ type: "string", description });
const flag = (description: string): Json => ({ type: "boolean", description });
const whole = (description?: string): Json => ({
  type: "integer",
  ...(description ? { description } : {}),
});
const point = { type: "object", properties: { x: whole(), y: whole() }, required: ["x", "y"] };

/** What the tools that act take besides: each answers with what the screen shows then. */
const afterwards = {
  wait: text(`Then wait for: ${conditionWords}`),
  timeoutMs: whole("Of the wait; default 30000"),
  look: flag("false: do not show the screen's text then"),
};

function thenLook({ wait, timeoutMs, look, ...fields }: Json): Json {
  return {
    ...fields,
    ...(typeof wait === "string" ? { wait: conditionOf(wait, timeoutMs) } : {}),
    thenScreen: look !== false,
  };
}

function thenSnapshot(given: Json): Json {
  return { thenSnapshot: true, ...given };
}

/**
 * The tools that do most of the work, by their operation, with few words: a model reads them before
 * each of its steps.
 */
export const usualTools: Readonly<Record<string, ToolForm>> = {
  screen: {
    description: "See the desktop: the exact text of its windows, and with `image` a picture.",
    fields: {
      image: flag("Give a picture too"),
      refs: true,
      window: text("Only this window: id, title or class"),
      since: text("A `textRev`: only what has changed since"),
      ocr: true,
    },
    translate: (given) => ({ image: false, ...given }),
  },
  type: {
    description: "Type text into the focused window, exactly as it is; \\n presses Return.",
    fields: { text: text("The text"), enter: flag("Press Return at the end"), ...afterwards },
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
      button: true,
      count: whole("2: double click"),
      ...afterwards,
    },
    translate: thenLook,
  },
  scroll: {
    description: "Turn the mouse wheel.",
    fields: { direction: true, notches: whole(), at: point, ...afterwards },
    translate: thenLook,
  },
  wait: {
    description: "Wait until the screen is as expected.",
    fields: { for: text(conditionWords), timeoutMs: whole("Default 30000") },
    translate: ({ for: condition, timeoutMs, ...fields }) => ({
      ...fields,
      ...conditionOf(String(condition), timeoutMs),
    }),
  },
  exec: {
    description: "Run a shell line outside of the desktop's terminal; its output and exit code.",
    fields: { command: text("A line for bash"), cwd: true, timeoutMs: whole() },
    translate: ({ command, ...fields }) => ({ ...fields, command: [command] }),
  },
  open: {
    description: "Open a URL, a file or a program on the desktop, and wait for its window.",
    fields: { target: text("The URL, path or command line"), ...afterwards },
    translate: ({ target, ...fields }) => ({ ...thenLook(fields), target: [target] }),
  },
  windows: { description: "List the windows." },
  "chrome.goto": {
    description:
      "Open an address in the browser, and wait until it is loaded; what the page shows.",
    fields: { url: text("") },
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
    fields: { target: text("@e5, CSS or text=…"), text: text(""), enter: flag("Then Return") },
    translate: thenSnapshot,
  },
  batch: {
    description:
      'Several steps in order up to the first that fails: [{"type":{"text":"ls\\n"}},{"wait":{"prompt":true}}].',
    fields: { actions: { type: "array", items: { type: "object" } }, look: afterwards.look },
    translate: thenLook,
  },
};
