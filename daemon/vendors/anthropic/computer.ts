import { z } from "zod";
import type { Button } from "../../input/pointer.ts";
import type { DesktopAction, Reader } from "../desktop-action.ts";
import { chordsOfText, modifiersOf } from "../keys.ts";
import { readAction, reader } from "../reader.ts";

const pixel = z.number();
const coordinate = z.tuple([pixel, pixel]);
/** `key` is how computer_20250124 names the modifiers of a click. */
const held = { text: z.string().nullish(), key: z.string().nullish() };
const seconds = z.number().min(0).max(300);
const point = ([x, y]: [number, number]) => ({ x, y });
const where = (at: [number, number] | null | undefined) => (at ? point(at) : null);
const nothing = z.object({});

const click = (button: Button, count = 1) =>
  reader(z.object({ coordinate: coordinate.nullish(), ...held }), ({ coordinate, text, key }) => ({
    do: "click",
    at: where(coordinate),
    button,
    count,
    hold: modifiersOf(text ?? key),
  }));

/**
 * The members of computer_toolset_20260801, which are also the actions of the tools before it: those
 * have fewer, or lack some of their fields.
 */
const members: ReadonlyMap<string, Reader> = new Map([
  ["screenshot", reader(nothing, () => ({ do: "screenshot" }))],
  ["cursor_position", reader(nothing, () => ({ do: "position" }))],
  ["left_mouse_down", reader(nothing, () => ({ do: "down" }))],
  ["left_mouse_up", reader(nothing, () => ({ do: "up" }))],
  ["left_click", click("left")],
  ["right_click", click("right")],
  ["middle_click", click("middle")],
  ["double_click", click("left", 2)],
  ["triple_click", click("left", 3)],
  [
    "zoom",
    reader(z.object({ region: z.tuple([pixel, pixel, pixel, pixel]) }), ({ region }) => {
      const [x0, y0, x1, y1] = region;
      return { do: "zoom", from: { x: x0, y: y0 }, to: { x: x1, y: y1 } };
    }),
  ],
  [
    "mouse_move",
    reader(z.object({ coordinate }), ({ coordinate }) => ({
      do: "move",
      at: point(coordinate),
      hold: [],
    })),
  ],
  [
    "left_click_drag",
    reader(
      z.object({ start_coordinate: coordinate.nullish(), coordinate, ...held }),
      ({ start_coordinate, coordinate, text, key }) => ({
        do: "drag",
        path: [...(start_coordinate ? [point(start_coordinate)] : []), point(coordinate)],
        hold: modifiersOf(text ?? key),
      }),
    ),
  ],
  [
    "scroll",
    reader(
      z.object({
        scroll_direction: z.enum(["up", "down", "left", "right"]),
        scroll_amount: z.number().int().min(0).max(1000),
        coordinate: coordinate.nullish(),
        ...held,
      }),
      ({ scroll_direction, scroll_amount, coordinate, text, key }) => ({
        do: "scroll",
        at: where(coordinate),
        turns: scroll_amount === 0 ? [] : [{ direction: scroll_direction, notches: scroll_amount }],
        hold: modifiersOf(text ?? key),
      }),
    ),
  ],
  ["type", reader(z.object({ text: z.string() }), ({ text }) => ({ do: "type", text }))],
  [
    "key",
    reader(
      z.object({
        text: z.string().min(1).max(1000),
        repeat: z.number().int().min(1).max(100).nullish(),
      }),
      ({ text, repeat }) => ({
        do: "press",
        chords: chordsOfText(text),
        repeat: repeat ?? 1,
        holdMs: 0,
      }),
    ),
  ],
  [
    "hold_key",
    reader(
      z.object({ text: z.string().min(1).max(1000), duration: seconds }),
      ({ text, duration }) => ({
        do: "press",
        chords: chordsOfText(text),
        repeat: 1,
        holdMs: Math.round(duration * 1000),
      }),
    ),
  ],
  [
    "wait",
    reader(z.object({ duration: seconds }), ({ duration }) => ({
      do: "wait",
      ms: Math.round(duration * 1000),
    })),
  ],
] satisfies [string, Reader][]);

/** Names of all actions. */
export const computerMembers: readonly string[] = [...members.keys()];

/**
 * An action of Anthropic's computer: a member of the toolset by its name, or, of an earlier tool, what
 * `action` says. Throws `usage`, naming what is wrong.
 */
export function readComputer(name: unknown, input: unknown): DesktopAction {
  return readAction(members, name, input);
}
