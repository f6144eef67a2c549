import { plainText } from "../../../src/plain-text.ts";
import type { Element, Elements } from "./elements.ts";
import type { PageLink } from "./page-link.ts";

/** The HTML of a page or an element as it is now, of at most so many characters. */
export async function htmlOf(
  { frames }: Pick<Elements, "frames">,
  page: PageLink,
  root: Element | null,
  most: number,
  signal: AbortSignal,
): Promise<{ html: string; cut: boolean }> {
  const { html, length } = await frames.on(page, signal, ([main]) =>
    frames.call(page, root?.frame ?? main, "html", [root?.n ?? null, most], signal),
  );
  return { html: plainText(html), cut: length > most };
}
