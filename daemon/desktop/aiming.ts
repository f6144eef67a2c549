import { NexoraError } from "../../src/contract/errors.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import type { PictureFrames } from "../display/picture-frames.ts";
import type { Region } from "../display/types.ts";
import type { Point } from "../input/pointer.ts";
import { isRef, type Thing } from "../perception/refs.ts";
import type { FoundText, TextPlaces } from "./text-places.ts";
import type { Things } from "./things.ts";
import type { DesktopWindows } from "./windows.ts";

/** What coordinates are those of, by default the desktop; or a text, in place of coordinates. */
export interface Frame {
  window?: string | undefined;
  from?: string | undefined;
  on?: string | undefined;
  /** Look for the text in pictures, too. */
  ocr?: boolean;
}

/** A point, or a thing by its reference. */
export type Place = Point | string;

/** Where to go, and what must be so there. */
export interface Aim {
  there: Point[];
  /** The window that must not be covered at the first point. */
  window: ManagedWindow | null;
  /** The thing that the first point is the middle of. */
  thing: { ref: string; found: Thing } | null;
  /** The text that it is the middle of. */
  text: FoundText | null;
}

export interface AimingParts {
  windows: DesktopWindows;
  texts: TextPlaces;
  things: Things;
  pictures: PictureFrames;
}

/** Finds where on the desktop it is that somebody means: by coordinates, a reference or a text. */
export class Aiming {
  constructor(private readonly its: AimingParts) {}

  /** The places as points of the desktop, and what must be at the first of them. */
  async aim(
    session: string,
    places: readonly Place[],
    frame: Frame,
    signal: AbortSignal,
  ): Promise<Aim> {
    const { windows, texts } = this.its;
    const { on, window: ref, from, ocr = false } = frame;
    if (on !== undefined) {
      if (places.length > 0 || from !== undefined) {
        throw new NexoraError("usage", "a text is a place of its own: leave the coordinates out");
      }
      if (isRef(on)) return this.aimAtThings(session, [on], frame, signal);
      const wanted = { text: on, window: ref, ocr };
      const { point, window, found } = await texts.find(session, wanted, signal);
      return { there: [point], window, thing: null, text: found };
    }
    if (ocr) throw new NexoraError("usage", "OCR is for a text: give one with `--on`");
    if (places.some((place) => typeof place === "string")) {
      return this.aimAtThings(session, places, frame, signal);
    }
    const points = places.filter((place) => typeof place !== "string");
    if (from !== undefined && (ref !== undefined || points.length === 0)) {
      throw new NexoraError("usage", "`from` says which picture coordinates are those of", {
        hint: "give coordinates with it, and no window",
      });
    }
    const window = ref === undefined ? null : await windows.find(session, ref, signal);
    const there = points.map((point) => this.place(session, point, frame, window));
    return { there, window, thing: null, text: null };
  }

  /** The middles of things, among points of the desktop. */
  private async aimAtThings(
    session: string,
    places: readonly Place[],
    { window: ref, from }: Frame,
    signal: AbortSignal,
  ): Promise<Aim> {
    if (ref !== undefined || from !== undefined) {
      throw new NexoraError(
        "usage",
        "a reference is a place of its own: give no window or picture",
      );
    }
    const { windows, things } = this.its;
    const there: Point[] = [];
    let thing: Aim["thing"] = null;
    for (const place of places) {
      if (typeof place !== "string") {
        there.push(place);
        continue;
      }
      const found = await things.locate(session, place, signal);
      if (there.length === 0) thing = { ref: place, found };
      if (found.box) there.push(middleOf(found.box));
      else if (places.length > 1) throw placeless(place, found);
    }
    const { windows: all } = await windows.list(session, signal);
    const window = all.find(({ id }) => id === thing?.found.window) ?? null;
    return { there, window, thing, text: null };
  }

  /** A point as one of the desktop. */
  private place(
    session: string,
    point: Point,
    { from }: Frame,
    window: ManagedWindow | null,
  ): Point {
    if (window) {
      const { x, y, width, height } = window.region;
      if (point.x < width && point.y < height) return { x: x + point.x, y: y + point.y };
      throw new NexoraError(
        "usage",
        `${point.x},${point.y} is outside of window ${window.id}, which is ${width}x${height}`,
      );
    }
    if (from === undefined) return point;
    const [picture, ...others] = this.its.pictures.find(session, from);
    const name = JSON.stringify(from);
    if (!picture) {
      throw new NexoraError("usage", `no picture with the rev ${name} is known`, {
        hint: "take one with `nexora screen -o FILE`; the last ones of each session are remembered",
      });
    }
    if (others.length > 0) {
      throw new NexoraError("conflict", `pictures of several scales have the rev ${name}`, {
        hint: "take another one and use its rev, or give coordinates of the desktop",
      });
    }
    if (point.x >= picture.width || point.y >= picture.height) {
      throw new NexoraError(
        "usage",
        `${point.x},${point.y} is outside of that picture, which is ${picture.width}x${picture.height}`,
      );
    }
    const { scaleX, scaleY, offsetX, offsetY } = picture;
    // The middle of the picture's pixel.
    return {
      x: Math.floor((point.x + 0.5) * scaleX) + offsetX,
      y: Math.floor((point.y + 0.5) * scaleY) + offsetY,
    };
  }
}

function middleOf({ x, y, width, height }: Region): Point {
  return { x: x + Math.floor(width / 2), y: y + Math.floor(height / 2) };
}

/** For what needs a place and has none. */
export function placeless(ref: string, { role, name }: Thing): NexoraError {
  const what = `${ref} (${role} ${JSON.stringify(name)})`;
  return new NexoraError("action_failed", `where ${what} is, its program does not tell`, {
    hint: "a plain `nexora click` presses it all the same; else give coordinates: `nexora screen -o FILE`",
  });
}
