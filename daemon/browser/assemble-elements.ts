import type { DesktopWindows } from "../desktop/windows.ts";
import { chromeActingHandlers } from "../operations/chrome-acting.ts";
import { chromeReadingHandlers } from "../operations/chrome-reading.ts";
import type { Refs } from "../perception/refs.ts";
import type { RunnerFiles } from "../runner/files.ts";
import type { Turns } from "../turns.ts";
import type { PageActions } from "./acting.ts";
import type { Browsers } from "./browsers.ts";
import { ElementActions } from "./elements/element-actions.ts";
import { ElementReader } from "./elements/element-reader.ts";
import { Elements } from "./elements/elements.ts";
import { FormActions } from "./elements/form-actions.ts";
import { PageRefs } from "./elements/page-refs.ts";
import { PageText } from "./elements/page-text.ts";
import { Snapshots } from "./elements/snapshots.ts";
import type { Tabs } from "./pages/tabs.ts";

/** What is on pages, and what one does to it; the reader is for those who only look. */
export function assembleElements(
  refs: Refs,
  { browsers, windows }: { browsers: Browsers; windows: DesktopWindows },
) {
  const elements = new Elements(refs);
  const snapshots = new Snapshots(elements);
  const does = new ElementActions(elements);
  const forms = new FormActions(elements, does);
  const parts = { elements, snapshots, does, forms };
  return {
    textSource: new PageText({ browsers, elements, snapshots }),
    refSource: new PageRefs({ browsers, windows, elements, snapshots }),
    reader: new ElementReader(elements, snapshots),
    handlers: (others: {
      browsers: Browsers;
      tabs: Tabs;
      actions: PageActions;
      files: RunnerFiles;
      turns: Turns;
    }) => ({
      ...chromeReadingHandlers({ ...parts, ...others }),
      ...chromeActingHandlers({ ...parts, ...others }),
    }),
  };
}
