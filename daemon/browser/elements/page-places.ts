import type { ManagedWindow } from "../../../src/contract/window.ts";
import type { Region } from "../../display/types.ts";
import type { Elements } from "./elements.ts";
import type { PageLink } from "./page-link.ts";
import type { Box } from "./replies.ts";

/** Where a page shows on the desktop. */
export interface PagePlace {
  /** Id of its window, 0x…. */
  window: string;
  /** On the desktop, in its pixels. */
  viewport: Region;
  /** Pixels of the desktop in one of CSS. */
  scale: number;
}

/** Where a page could be; `managed` is false for bubbles, menus and the like. */
type Candidate = Pick<ManagedWindow, "id" | "title" | "class" | "region"> & { managed?: boolean };

/**
 * Where a page shows, among these windows; null: it is behind another tab, or in none of them. `front` is the
 * tab that was used last: pages themselves do not know that they are behind, as they believe to have the focus.
 */
export async function placeOf(
  { frames }: Pick<Elements, "frames">,
  page: PageLink,
  windows: readonly Candidate[],
  front: Pick<PageLink, "targetId"> | null,
  signal: AbortSignal,
): Promise<PagePlace | null> {
  const [main] = await frames.of(page, signal);
  const it = await frames.call(page, main, "window", [], signal);
  const isBrowser = (each: Candidate) => each.managed !== false && /chrom/i.test(each.class);
  const browsers = windows.filter(isBrowser);
  const named = browsers.filter(({ title }) => it.title !== "" && title.startsWith(it.title));
  const isFront = front?.targetId === page.targetId;
  const alone = isFront && browsers.length === 1 ? browsers : [];
  // Of several windows each has a tab in front; which one only its title tells.
  const [window, other] = isFront || browsers.length > 1 ? (named.length > 0 ? named : alone) : [];
  if (other && !isFront) return null;
  if (!window || it.hidden) return null;
  const { scale } = it;
  const [width, height] = [Math.round(it.innerWidth * scale), Math.round(it.innerHeight * scale)];
  // The page fills the window's lower part, but for a border that is as wide on both sides and below.
  const border = Math.max(0, (it.outerWidth - width) / 2);
  const { region } = window;
  const x = Math.round(region.x + border);
  const y = Math.round(region.y + region.height - border - height);
  return { window: window.id, viewport: { x, y, width, height }, scale };
}

/** What of a box in the page's viewport shows on the desktop; null: nothing. */
export function onDesktop(box: Box, { viewport, scale }: PagePlace): Region | null {
  const left = Math.max(0, Math.ceil(box.x * scale));
  const top = Math.max(0, Math.ceil(box.y * scale));
  const width = Math.min(viewport.width, Math.floor((box.x + box.width) * scale)) - left;
  const height = Math.min(viewport.height, Math.floor((box.y + box.height) * scale)) - top;
  if (width <= 0 || height <= 0) return null;
  return { x: viewport.x + left, y: viewport.y + top, width, height };
}
