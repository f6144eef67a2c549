import { z } from "zod";
import type { DesktopAction, Reader } from "../desktop-action.ts";
import type { PictureLimits } from "../geometry.ts";
import { chordsOfKeys, modifiersOf } from "../keys.ts";
import { readAction, reader } from "../reader.ts";

/** Pixels of a screenshot that reach the model as they are (OpenAI, "Computer use"). */
const maxPixels = 10_240_000;
export const pictureLimits: PictureLimits = {
  takes: ({ width, height }) => width * height <= maxPixels,
  words: "it has 10,240,000 pixels at most",
};

/** How long a wait takes, which says nothing of it, in milliseconds: that of OpenAI's own sample. */
const waitMs = 2000;
/** Longest way that the wheel is turned for, in pixels. */
const farthest = 100_000;

const at = { x: z.number(), y: z.number() };
const distance = z.number().min(-farthest).max(farthest);
const keys = { keys: z.array(z.string().min(1).max(64)).max(16).nullish() };
const buttons = {
  left: "left",
  right: "right",
  wheel: "middle",
  back: "back",
  forward: "forward",
} as const;

const actions: ReadonlyMap<string, Reader> = new Map([
  ["screenshot", reader(z.object({}), () => ({ do: "screenshot" }))],
  ["wait", reader(z.object({}), () => ({ do: "wait", ms: waitMs }))],
  [
    "click",
    reader(
      z.object({
        ...at,
        ...keys,
        button: z.enum(["left", "right", "wheel", "back", "forward"]).default("left"),
      }),
      ({ x, y, button, keys }) => ({
        do: "click",
        at: { x, y },
        button: buttons[button],
        count: 1,
        hold: modifiersOf(keys),
      }),
    ),
  ],
  [
    "double_click",
    reader(z.object({ ...at, ...keys }), ({ x, y, keys }) => ({
      do: "click",
      at: { x, y },
      button: "left",
      count: 2,
      hold: modifiersOf(keys),
    })),
  ],
  [
    "move",
    reader(z.object({ ...at, ...keys }), ({ x, y, keys }) => ({
      do: "move",
      at: { x, y },
      hold: modifiersOf(keys),
    })),
  ],
  [
    "drag",
    reader(
      z.object({ path: z.array(z.object(at)).min(1).max(1000), ...keys }),
      ({ path, keys }) => ({
        do: "drag",
        // It begins where it says, and not where the pointer happens to be.
        path: path.length === 1 ? [...path, ...path] : path,
        hold: modifiersOf(keys),
      }),
    ),
  ],
  [
    "scroll",
    reader(
      z.object({ ...at, ...keys, scroll_x: distance, scroll_y: distance }),
      ({ x, y, scroll_x, scroll_y, keys }) => ({
        do: "scroll",
        at: { x, y },
        turns: [...turn(scroll_x, "right", "left"), ...turn(scroll_y, "down", "up")],
        hold: modifiersOf(keys),
      }),
    ),
  ],
  [
    "keypress",
    reader(z.object({ keys: z.array(z.string().min(1).max(64)).min(1).max(100) }), ({ keys }) => ({
      do: "press",
      chords: chordsOfKeys(keys),
      repeat: 1,
      holdMs: 0,
    })),
  ],
  ["type", reader(z.object({ text: z.string() }), ({ text }) => ({ do: "type", text }))],
] satisfies [string, Reader][]);

function turn<D extends string>(pixels: number, onward: D, back: D) {
  return pixels === 0 ? [] : [{ direction: pixels > 0 ? onward : back, pixels: Math.abs(pixels) }];
}

/** An action of OpenAI's computer, as it stands in a computer_call. Throws `usage`, naming what is wrong. */
export function readOpenAiAction(action: unknown): DesktopAction {
  const type =
    typeof action === "object" && action !== null && "type" in action ? action.type : null;
  return readAction(actions, type, action);
}
