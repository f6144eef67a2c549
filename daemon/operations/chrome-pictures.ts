import type { chromeEmulateOperations } from "../../src/contract/chrome-emulate.ts";
import type { chromePictureOperations } from "../../src/contract/chrome-pictures.ts";
import type { Emulations } from "../browser/pages/emulation.ts";
import { print } from "../browser/pages/paper.ts";
import type { PageReader } from "../browser/pages/reader.ts";
import { takeShot } from "../browser/pages/shots.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import type { HandlersOf } from "./handler.ts";

/** Pictures of pages, and pages on paper. */
export function chromePictureHandlers(
  tabs: Tabs,
  reader: PageReader,
): HandlersOf<typeof chromePictureOperations> {
  return {
    "chrome.shot": {
      async reply({ target, full, format, quality, tab }, { session, signal }) {
        const { page, watch } = await tabs.open(session, tab, signal);
        const image = await watch.answering(signal, async (alive) => {
          const region =
            target === undefined
              ? undefined
              : await reader.box(session.row.id, page, target, alive);
          return takeShot(page, { format, quality, full, region }, alive);
        });
        return { image };
      },
    },
    "chrome.pdf": {
      async reply({ tab, session: _, ...options }, { session, signal }) {
        const { page, watch } = await tabs.open(session, tab, signal);
        const bytes = await watch.answering(signal, (alive) => print(page, options, alive));
        return { pdf: { bytes: bytes.length, base64: bytes.toString("base64") } };
      },
    },
  };
}

export function chromeEmulateHandlers(
  tabs: Tabs,
  emulations: Emulations,
): HandlersOf<typeof chromeEmulateOperations> {
  return {
    "chrome.emulate": {
      async reply({ tab: id, session: _, ...wanted }, { session, signal }) {
        const tab = await tabs.open(session, id, signal);
        return { tab: tab.page.id, emulated: await emulations.apply(tab, wanted, signal) };
      },
    },
  };
}
