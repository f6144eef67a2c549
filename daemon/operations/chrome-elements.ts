import { posix } from "node:path";
import type { chromeElementOperations } from "../../src/contract/chrome-elements.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { plainLine } from "../../src/plain-text.ts";
import type { PageActions } from "../browser/acting.ts";
import type { Browsers } from "../browser/browsers.ts";
import type { ElementActions, Where } from "../browser/elements/element-actions.ts";
import type { Elements } from "../browser/elements/elements.ts";
import type { FormActions } from "../browser/elements/form-actions.ts";
import { htmlOf } from "../browser/elements/html.ts";
import type { Snapshots } from "../browser/elements/snapshots.ts";
import { textOf } from "../browser/elements/texts.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import type { RunnerFiles } from "../runner/files.ts";
import type { Live } from "../sessions/directory.ts";
import type { HandlersOf } from "./handler.ts";

export interface ElementParts {
  browsers: Pick<Browsers, "of">;
  tabs: Tabs;
  actions: PageActions;
  elements: Elements;
  snapshots: Snapshots;
  does: ElementActions;
  forms: FormActions;
  files: Pick<RunnerFiles, "stat">;
}

interface CallOf {
  session: Live;
  signal: AbortSignal;
}

/** Where files of an upload are looked for. */
const workspace = "/workspace";
/** How long what is read may take to be there, in milliseconds. */
const readMs = 2_000;

/** What is on a page, and what one does to it. */
export function chromeElementHandlers(
  parts: ElementParts,
): HandlersOf<typeof chromeElementOperations> {
  const { browsers, tabs, actions, elements, snapshots, does, forms, files } = parts;

  /** The tab that is named; else the one that the first target's ref is of; else the active one. */
  const open = async ({ session, signal }: CallOf, tab: string | undefined, target?: string) => {
    const id = session.row.id;
    const of = tab === undefined && target ? elements.targetIdOf(id, target) : null;
    if (of === null) return tabs.open(session, tab, signal);
    const page = (await browsers.of(session, signal))
      .pages()
      .find(({ targetId }) => targetId === of);
    if (page) return tabs.open(session, page.id, signal);
    throw new NexoraError("stale_ref", `the tab of ${target} is closed`, {
      hint: "`nexora chrome snapshot` shows what is there now, with its refs",
    });
  };

  const read = async <T>(
    input: { tab?: string | undefined; target?: string | undefined },
    call: CallOf,
    of: (where: Where, root: Awaited<ReturnType<Elements["wait"]>> | null) => Promise<T>,
  ) => {
    const { page, browser, watch } = await open(call, input.tab, input.target);
    const found = await watch.answering(call.signal, async (signal) => {
      const where = { session: call.session.row.id, page, timeoutMs: readMs, signal };
      const root = input.target === undefined ? null : await does.find(where, input.target);
      return of(where, root);
    });
    const { url, title } = page;
    const { restarted } = browser.told();
    return { tab: page.id, url: plainLine(url), title: plainLine(title), ...found, restarted };
  };

  const act = async <T>(
    input: { tab?: string | undefined; thenSnapshot: boolean; timeoutMs: number },
    call: CallOf,
    target: string | undefined,
    run: (where: Where) => Promise<T>,
  ) => {
    const tab = await open(call, input.tab, target);
    const { thenSnapshot, timeoutMs } = input;
    const { done, changed } = await actions.perform(
      tab,
      { thenSnapshot, signal: call.signal },
      (signal) => run({ session: call.session.row.id, page: tab.page, timeoutMs, signal }),
    );
    return { done, changed, restarted: tab.browser.told().restarted };
  };

  /** For those whose only news is what it was done to. */
  const onTarget = async (...args: Parameters<typeof act<string>>) => {
    const { done: target, ...rest } = await act(...args);
    return { target, ...rest };
  };

  return {
    "chrome.snapshot": {
      reply: (input, call) =>
        read(input, call, ({ session, page, signal }, root) =>
          snapshots.take(session, page, { ...input, root, most: input.maxOutput }, signal),
        ),
    },
    "chrome.text": {
      reply: (input, call) =>
        read(input, call, ({ page, signal }, root) =>
          textOf(elements, page, root, input.maxOutput, signal),
        ),
    },
    "chrome.html": {
      reply: (input, call) =>
        read(input, call, ({ page, signal }, root) =>
          htmlOf(elements, page, root, input.maxOutput, signal),
        ),
    },
    "chrome.click": {
      reply: (input, call) =>
        onTarget(input, call, input.target, (where) => does.click(where, input.target, input)),
    },
    "chrome.fill": {
      reply: (input, call) =>
        onTarget(input, call, input.target, async (where) => {
          const target = await forms.fill(where, input.target, input.text);
          if (input.enter) await does.press(where, ["Return"], undefined);
          return target;
        }),
    },
    "chrome.press": {
      async reply(input, call) {
        const { done: keys, ...rest } = await act(input, call, input.on, (where) =>
          does.press(where, input.keys, input.on),
        );
        return { keys: keys ?? [], ...rest };
      },
    },
    "chrome.select": {
      async reply(input, call) {
        const { done, ...rest } = await act(input, call, input.target, (where) =>
          forms.select(where, input.target, input.options),
        );
        return { ...(done ?? { target: null, values: [], labels: [] }), ...rest };
      },
    },
    "chrome.check": {
      async reply(input, call) {
        const { done, ...rest } = await act(input, call, input.target, (where) =>
          forms.check(where, input.target, !input.off),
        );
        return { ...(done ?? { target: null, checked: null, clicked: true }), ...rest };
      },
    },
    "chrome.upload": {
      async reply(input, call) {
        const paths = input.files.map((file) => posix.resolve(workspace, file));
        for (const file of paths) {
          const { type } = await files.stat(call.session.row.id, file, call.signal);
          if (type === "file") continue;
          throw new NexoraError("not_found", `there is no file ${file} in the workstation`, {
            hint: "`nexora cp` copies files into it",
          });
        }
        const { target, ...rest } = await onTarget(input, call, input.target, (where) =>
          forms.upload(where, input.target, paths),
        );
        return { target, files: paths, ...rest };
      },
    },
    "chrome.hover": {
      reply: (input, call) =>
        onTarget(input, call, input.target, (where) => does.hover(where, input.target, input)),
    },
    "chrome.scroll": {
      async reply(input, call) {
        const { down, right, target } = input;
        const turned = down !== undefined || right !== undefined;
        if (!turned && target === undefined) {
          throw new NexoraError("usage", "say what to scroll into view, or how far", {
            hint: "give a target, or --down 600",
          });
        }
        const by = turned ? { x: right ?? 0, y: down ?? 0 } : null;
        const { done, ...rest } = await act(input, call, target, (where) =>
          does.scroll(where, target, by),
        );
        return { ...(done ?? { target: null, x: 0, y: 0, maxX: 0, maxY: 0 }), ...rest };
      },
    },
    "chrome.drag": {
      async reply(input, call) {
        const { done, ...rest } = await act(input, call, input.from, (where) =>
          does.drag(where, input.from, input.to, input.hold),
        );
        return { ...(done ?? { from: null, to: null }), ...rest };
      },
    },
  };
}
