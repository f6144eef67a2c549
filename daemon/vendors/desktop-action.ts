import type { Button, Direction, Modifier, Point } from "../input/pointer.ts";

/**
 * What an action of a vendor's computer tool comes to. Points are pixels of the picture that the model
 * has seen.
 */
export type DesktopAction =
  | { do: "screenshot" }
  /** A part of the picture, enlarged; `from` and `to` are two corners. */
  | { do: "zoom"; from: Point; to: Point }
  | { do: "position" }
  | { do: "move"; at: Point; hold: readonly Modifier[] }
  /** `at` null: where the pointer is. */
  | {
      do: "click";
      at: Point | null;
      button: Button;
      count: number;
      hold: readonly Modifier[];
    }
  /** From the first point, or, when there is only one, from where the pointer is. */
  | { do: "drag"; path: readonly Point[]; hold: readonly Modifier[] }
  /** The left button goes down, and stays down, or up. */
  | { do: "down" | "up" }
  | {
      do: "scroll";
      at: Point | null;
      turns: readonly Turn[];
      hold: readonly Modifier[];
    }
  | { do: "type"; text: string }
  | { do: "press"; chords: readonly string[]; repeat: number; holdMs: number }
  | { do: "wait"; ms: number };

/** Of the wheel: so many notches, or as many as move a page by so many pixels of the picture. */
type Turn = { direction: Direction } & ({ notches: number } | { pixels: number });

/** A vendor's action, by its name, as ours. Throws `usage`, naming the field that is wrong. */
export type Reader = (input: unknown) => DesktopAction;
