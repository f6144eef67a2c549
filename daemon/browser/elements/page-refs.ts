import { plainLine } from "../../../src/plain-text.ts";
import type { DesktopWindows } from "../../desktop/windows.ts";
import type { Region } from "../../display/types.ts";
import type { RefSource, Thing } from "../../perception/refs.ts";
import type { SeenWindow } from "../../perception/source.ts";
import type { Browsers } from "../browsers.ts";
import { hit } from "./aim.ts";
import type { Element, Elements } from "./elements.ts";
import { keyOf, readKey } from "./key.ts";
import type { PageLink } from "./page-link.ts";
import { type PagePlace, placeOf } from "./page-places.ts";
import type { Box } from "./replies.ts";
import { ifRefused } from "./script-calls.ts";
import type { Line, Snapshots } from "./snapshots.ts";

type Session = { id: string };

export interface PageRefParts {
  browsers: Pick<Browsers, "running">;
  windows: Pick<DesktopWindows, "list">;
  elements: Elements;
  snapshots: Snapshots;
}

/** What one can act on in the pages that show, for the desktop's own pointer and keyboard. */
export class PageRefs implements RefSource {
  readonly kind = "page";

  constructor(private readonly its: PageRefParts) {}

  async things({ id }: Session, windows: readonly SeenWindow[], signal: AbortSignal) {
    const found = await Promise.all(
      this.pages(id).map((page) =>
        this.thingsOf(page, windows, signal).catch(ifRefused<Thing[]>([])),
      ),
    );
    return { things: found.flat(), degraded: null };
  }

  async locate({ id }: Session, key: string, signal: AbortSignal): Promise<Thing | null> {
    const page = this.pages(id).find(({ targetId }) => targetId === readKey(key)?.target);
    const element = page && (await this.its.elements.ofKey(page, key, key, signal));
    if (!page || !element) return null;
    const { elements, windows } = this.its;
    // Scrolls it into view where it is not.
    const need = { ...hit, enabled: false, hit: false, attempt: 0 };
    await elements.call(element, "ready", [element.n, need], signal);
    const [{ windows: all }, found] = await Promise.all([
      windows.list(id, signal),
      elements.call(element, "describe", [element.n], signal),
    ]);
    const place = await placeOf(elements, page, all, signal);
    if (!found) return null;
    const box = place && (await this.box(element, place, signal));
    const { role, name } = found;
    const said = { role: plainLine(role), name: plainLine(name), value: null, states: [] };
    return { kind: "page", key, ...said, box, window: place?.window ?? null, depth: 0 };
  }

  async focus({ id }: Session, key: string, signal: AbortSignal): Promise<void> {
    const page = this.pages(id).find(({ targetId }) => targetId === readKey(key)?.target);
    const element = page && (await this.its.elements.ofKey(page, key, key, signal));
    if (element) await this.its.elements.call(element, "focus", [element.n], signal);
  }

  /** Where they are is known: the pointer does it. */
  async press(): Promise<boolean> {
    return false;
  }

  private pages(session: string): PageLink[] {
    return this.its.browsers.running(session)?.pages() ?? [];
  }

  private async thingsOf(
    page: PageLink,
    windows: readonly SeenWindow[],
    signal: AbortSignal,
  ): Promise<Thing[]> {
    const { elements, snapshots } = this.its;
    const place = await placeOf(elements, page, windows, signal);
    if (!place) return [];
    const asked = { all: false, viewport: true, boxes: true, root: null };
    const { lines } = await snapshots.lines(page, asked, signal);
    const offsets = new Map(
      await Promise.all(
        [...new Set(lines.map(({ frameOf }) => frameOf))].map(
          async (frame) => [frame, await elements.frames.offset(page, frame, signal)] as const,
        ),
      ),
    );
    return lines.flatMap((line) => {
      const offset = offsets.get(line.frameOf);
      if (line.n === null || line.frame || !line.box || !offset) return [];
      const { x, y, width, height } = line.box;
      const { scaleX, scaleY } = offset;
      const inPage = {
        x: offset.x + x * scaleX,
        y: offset.y + y * scaleY,
        width: width * scaleX,
        height: height * scaleY,
      };
      const key = keyOf(page, line.frameOf, line.n);
      return [{ ...saidBy(line), key, box: onDesktop(inPage, place), window: place.window }];
    });
  }

  private async box(element: Element, place: PagePlace, signal: AbortSignal) {
    return onDesktop(await this.its.elements.boxInPage(element, signal), place);
  }
}

function saidBy({ role, name, value, states, depth }: Line) {
  return {
    kind: "page" as const,
    role: plainLine(role),
    name: plainLine(name),
    value: value === null ? null : plainLine(value),
    states: states.map(plainLine),
    depth,
  };
}

/** What of a box in the page's viewport shows on the desktop; null: nothing. */
function onDesktop(box: Box, { viewport, scale }: PagePlace): Region | null {
  const left = Math.max(0, Math.ceil(box.x * scale));
  const top = Math.max(0, Math.ceil(box.y * scale));
  const width = Math.min(viewport.width, Math.floor((box.x + box.width) * scale)) - left;
  const height = Math.min(viewport.height, Math.floor((box.y + box.height) * scale)) - top;
  if (width <= 0 || height <= 0) return null;
  return { x: viewport.x + left, y: viewport.y + top, width, height };
}
