import { deadline } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import type { DesktopWindows } from "../../desktop/windows.ts";
import type { RefSource, Thing } from "../../perception/refs.ts";
import type { SeenWindow } from "../../perception/source.ts";
import type { Browser } from "../browser.ts";
import type { Browsers } from "../browsers.ts";
import { hit } from "./aim.ts";
import type { Element, Elements } from "./elements.ts";
import { keyOf, readKey } from "./key.ts";
import type { PageLink } from "./page-link.ts";
import { onDesktop, type PagePlace, placeOf } from "./page-places.ts";
import { pageMs } from "./page-text.ts";
import { mostValue } from "./page-types.ts";
import { boxesInPage, type Line, type Snapshots } from "./snapshots.ts";

type Session = { id: string };

export interface PageRefParts {
  browsers: Pick<Browsers, "running" | "existing">;
  windows: Pick<DesktopWindows, "list">;
  elements: Elements;
  snapshots: Snapshots;
}

/** What one can act on in the pages that show, for the desktop's own pointer and keyboard. */
export class PageRefs implements RefSource {
  readonly kind = "page";

  constructor(private readonly its: PageRefParts) {}

  async things({ id }: Session, windows: readonly SeenWindow[], signal: AbortSignal) {
    if (!windows.some((window) => /chrom/i.test(window.class)))
      return { things: [], degraded: null };
    const browser = await this.its.browsers.existing({ row: { id } }, signal);
    const front = await frontOf(browser, signal);
    const found = await Promise.allSettled(
      (browser?.pages() ?? []).map((page) =>
        this.thingsOf(page, windows, front, deadline(pageMs, signal)),
      ),
    );
    signal.throwIfAborted();
    const things = found.flatMap((it) => (it.status === "fulfilled" ? it.value : []));
    const silent = found.filter(({ status }) => status === "rejected").length;
    return { things, degraded: silent === 0 ? null : `${silent} tabs do not answer` };
  }

  async locate({ id }: Session, key: string, signal: AbortSignal): Promise<Thing | null> {
    const page = this.pages(id).find(({ targetId }) => targetId === readKey(key)?.target);
    const element = page && (await this.its.elements.ofKey(page, key, key, signal));
    if (!page || !element) return null;
    const { elements, windows } = this.its;
    // Scrolls it into view where it is not.
    const need = { ...hit, enabled: false, hit: false, attempt: 0, behind: true };
    await elements.call(element, "ready", [element.n, need], signal);
    const [{ windows: all }, found] = await Promise.all([
      windows.list(id, signal),
      elements.call(element, "describe", [element.n], signal),
    ]);
    const front = await frontOf(this.its.browsers.running(id), signal);
    const place = await placeOf(elements, page, all, front, signal);
    if (!found) return null;
    const box = place && (await this.box(element, place, signal));
    const { role, name } = found;
    const said = { role: plainLine(role), name: plainLine(name), value: null, states: [] };
    return { kind: "page", key, ...said, box, window: place?.window ?? null, depth: 0 };
  }

  async isThere({ id }: Session, key: string, signal: AbortSignal): Promise<boolean> {
    const page = this.pages(id).find(({ targetId }) => targetId === readKey(key)?.target);
    return page !== undefined && (await this.its.elements.ofKey(page, key, key, signal)) !== null;
  }

  async readThing({ id }: Session, key: string, signal: AbortSignal): Promise<Thing | null> {
    const ends = deadline(pageMs, signal);
    const page = this.pages(id).find(({ targetId }) => targetId === readKey(key)?.target);
    const element = page && (await this.its.elements.ofKey(page, key, key, ends));
    const now = element && (await this.its.elements.call(element, "state", [element.n], ends));
    if (!now) return null;
    const isCut = (now.value?.length ?? 0) > mostValue;
    // Its line feeds count, which a list of things has no room for.
    const { value } = now;
    return { ...saidBy({ ...now, depth: 0 }), value, key, box: null, window: null, isCut };
  }

  async focus({ id }: Session, key: string, signal: AbortSignal): Promise<void> {
    const page = this.pages(id).find(({ targetId }) => targetId === readKey(key)?.target);
    const element = page && (await this.its.elements.ofKey(page, key, key, signal));
    const has = element && (await this.its.elements.call(element, "focus", [element.n], signal));
    if (has) return;
    const what = element ? "it does not take the keyboard's focus" : "it is not there any more";
    throw new NexoraError("action_failed", `${what}; nothing was typed`, {
      hint: "look at the screen",
    });
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
    front: PageLink | null,
    signal: AbortSignal,
  ): Promise<Thing[]> {
    const { elements, snapshots } = this.its;
    const place = await placeOf(elements, page, windows, front, signal);
    if (!place) return [];
    const asked = { all: false, viewport: true, boxes: true, root: null };
    const { lines } = await snapshots.lines(page, asked, signal);
    const inPage = await boxesInPage(elements, page, lines, signal);
    return lines.flatMap((line) => {
      const box = inPage(line);
      if (line.n === null || line.frame || !box) return [];
      const key = keyOf(page, line.frameOf, line.n);
      return [{ ...saidBy(line), key, box: onDesktop(box, place), window: place.window }];
    });
  }

  private async box(element: Element, place: PagePlace, signal: AbortSignal) {
    return onDesktop(await this.its.elements.boxInPage(element, signal), place);
  }
}

function saidBy({
  role,
  name,
  value,
  states,
  depth,
}: Pick<Line, "role" | "name" | "value" | "states" | "depth">) {
  return {
    kind: "page" as const,
    role: plainLine(role),
    name: plainLine(name),
    value: value === null ? null : plainLine(value),
    states: states.map(plainLine),
    depth,
  };
}

/** The tab that was used last; null: there is none. */
async function frontOf(browser: Browser | null, signal: AbortSignal): Promise<PageLink | null> {
  return browser && browser.pages().length > 0 ? browser.active(signal) : null;
}
