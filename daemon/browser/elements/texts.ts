import { plainText } from "../../../src/plain-text.ts";
import type { Element, Elements } from "./elements.ts";
import type { AllFrames, Frames } from "./frames.ts";
import type { PageLink } from "./page-link.ts";
import { type Frame, ifRefused } from "./script-calls.ts";

/** Where the text of a frame's element stands. */
const frameMark = /\u0000(\d+)\u0000/g;

/** The text of a page or an element that a person could read, frames included, of at most so many characters. */
export async function textOf(
  { frames }: Pick<Elements, "frames">,
  page: PageLink,
  root: Element | null,
  most: number,
  signal: AbortSignal,
): Promise<{ text: string; cut: boolean }> {
  return frames.on(page, signal, (all) => textIn(frames, page, all, root, most, signal));
}

async function textIn(
  frames: Frames,
  page: PageLink,
  all: AllFrames,
  root: Element | null,
  most: number,
  signal: AbortSignal,
): Promise<{ text: string; cut: boolean }> {
  const main = root?.frame ?? all[0];
  const read = async (frame: Frame, n: number | null): Promise<string> => {
    const text = await frames.call(page, frame, "text", [n, most + 1], signal);
    const inner = all.filter(({ parent }) => parent === frame);
    if (inner.length === 0 || !text.includes("\u0000")) return text;
    const texts = new Map(
      await Promise.all(
        inner.map(async (it): Promise<[number, string]> => {
          const owner = await frames.owner(page, it, frame, signal).catch(ifRefused(-1));
          return [owner, await read(it, null).catch(ifRefused(""))];
        }),
      ),
    );
    // A page that takes our script's place may mark a frame as often as it likes.
    let left = most;
    return text.replace(frameMark, (_, n) => {
      const inner = (texts.get(Number(n)) ?? "").slice(0, Math.max(0, left + 1));
      left -= inner.length;
      texts.delete(Number(n));
      return inner;
    });
  };
  const text = (await read(main, root?.n ?? null))
    .replace(frameMark, "")
    .replace(/\n{3,}/g, "\n\n");
  return { text: plainText(text.slice(0, most)), cut: text.length > most };
}
