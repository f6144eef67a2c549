import type { chromeEmulateOperations } from "../../src/contract/chrome-emulate.ts";
import type { chromePictureOperations } from "../../src/contract/chrome-pictures.ts";
import type { Emulations } from "../browser/pages/emulation.ts";
import { print } from "../browser/pages/paper.ts";
import type { PageReader } from "../browser/pages/reader.ts";
import { takeShot } from "../browser/pages/shots.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import { restartedOf } from "./chrome-call.ts";
import type { HandlersOf } from "./handler.ts";

/** Pictures of pages, and pages on paper. */
export function chromePictureHandlers(
  tabs: Tabs,
  reader: PageReader,
): HandlersOf<typeof chromePictureOperations> {
  return {
    "chrome.shot": {
      async reply({ target, full, format, quality, tab }, call) {
        const { session, signal } = call;
        const { page, watch, browser } = await tabs.see(session, tab, signal);
        const how = { format, quality, full };
        const image = await watch.answering(signal, async (alive) =>
          target === undefined
            ? takeShot(page, how, alive)
            : reader.whileShown(session.row.id, page, target, alive, (region) =>
                takeShot(page, { ...how, region }, alive),
              ),
        );
        return { image, restarted: restartedOf(browser, call) };
      },
    },
    "chrome.pdf": {
      async reply({ tab, session: _, ...options }, call) {
        const { session, signal } = call;
        const { page, watch, browser } = await tabs.see(session, tab, signal);
        const bytes = await watch.answering(signal, (alive) => print(page, options, alive));
        const pdf = { bytes: bytes.length, base64: bytes.toString("base64") };
        return { pdf, restarted: restartedOf(browser, call) };
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
      async reply({ tab: id, session: _, ...wanted }, call) {
        const tab = await tabs.open(call.session, id, call.signal);
        const emulated = await emulations.apply(tab, wanted, call.signal);
        return { tab: tab.page.id, emulated, restarted: restartedOf(tab.browser, call) };
      },
    },
  };
}
