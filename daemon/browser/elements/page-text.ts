import { deadline } from "../../../src/abort.ts";
import { plainLine } from "../../../src/plain-text.ts";
import type { SeenWindow, SourceText, TextSource } from "../../perception/source.ts";
import type { Browsers } from "../browsers.ts";
import type { Elements } from "./elements.ts";
import type { PageLink } from "./page-link.ts";
import { onDesktop, type PagePlace, placeOf } from "./page-places.ts";
import { boxesInPage, type Line, type Snapshots } from "./snapshots.ts";

/** How long one page may take to tell what it shows, in milliseconds. */
export const pageMs = 1_500;

export interface PageTextParts {
  browsers: Pick<Browsers, "existing">;
  elements: Elements;
  snapshots: Snapshots;
}

/** The text of the pages that show, as far as their windows show them. */
export class PageText implements TextSource {
  readonly source = "page";

  constructor(private readonly its: PageTextParts) {}

  async read(
    { id }: { id: string },
    windows: readonly SeenWindow[],
    signal: AbortSignal,
  ): Promise<Map<string, SourceText>> {
    const { browsers, elements } = this.its;
    const texts = new Map<string, SourceText>();
    // What is no browser's costs nothing.
    if (!windows.some((window) => /chrom/i.test(window.class))) return texts;
    // Also one that a person has started.
    const browser = await browsers.existing({ row: { id } }, signal);
    const pages = browser?.pages() ?? [];
    const front = browser && pages.length > 0 ? await browser.active(signal) : null;
    const read = async (page: PageLink) => {
      const ends = deadline(pageMs, signal);
      const place = await placeOf(elements, page, windows, front, ends);
      if (place) texts.set(place.window, await this.textOf(page, place, ends));
    };
    // A page that does not answer, or goes meanwhile, takes nothing from the others.
    await Promise.allSettled(pages.map(read));
    signal.throwIfAborted();
    return texts;
  }

  private async textOf(page: PageLink, place: PagePlace, signal: AbortSignal): Promise<SourceText> {
    const { elements, snapshots } = this.its;
    const asked = { all: false, viewport: true, boxes: true, root: null };
    const { lines, cut } = await snapshots.lines(page, asked, signal);
    const inPage = await boxesInPage(elements, page, lines, signal);
    return {
      lines: lines.flatMap((line) => {
        const text = wordsOf(line);
        const box = inPage(line);
        return text === "" ? [] : [{ text, box: box && onDesktop(box, place) }];
      }),
      degraded: cut ? "the page is too large to be read whole" : null,
      covers: [place.viewport],
    };
  }
}

/** What a line of the outline shows: a text, a name, and what a field holds. */
function wordsOf({ name, value, text }: Line): string {
  const held = value || text || "";
  const words = name === "" || name === held ? [held] : [name, held];
  return plainLine(words.filter((word) => word !== "").join(": "));
}
