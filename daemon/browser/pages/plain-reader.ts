import { NexoraError } from "../../../src/contract/errors.ts";
import type { Region } from "../../display/types.ts";
import type { Page } from "../page.ts";
import type { PageReader } from "./reader.ts";
import { inWorld, WorldGone } from "./world.ts";

/** Reads pages by CSS selectors and innerText, in the main frame only. */
export const plainReader: PageReader = {
  text: async (page, signal) =>
    String(await inWorld(page, "document.body?.innerText ?? ''", signal)),
  snapshot: async (_, page, signal) => plainReader.text(page, signal),
  has: async (_, page, target, signal) => (await boxOf(page, target, signal)) !== null,
  async box(_, page, target, signal) {
    const box = await boxOf(page, target, signal);
    if (box) return box;
    throw new NexoraError("not_found", `nothing visible in tab ${page.id} is ${target}`);
  },
};

async function boxOf(page: Page, target: string, signal: AbortSignal): Promise<Region | null> {
  const script = `(() => {
    const it = document.querySelector(${JSON.stringify(target)})?.getBoundingClientRect();
    return it?.width > 0 && it.height > 0
      ? { x: it.x + scrollX, y: it.y + scrollY, width: it.width, height: it.height } : null;
  })()`;
  const box = await inWorld(page, script, signal).catch((error: unknown) => {
    if (!(error instanceof WorldGone) || !/valid selector/.test(error.message)) throw error;
    throw new NexoraError("usage", `${JSON.stringify(target)} is not a valid CSS selector`);
  });
  return box as Region | null;
}
