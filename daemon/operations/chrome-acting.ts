import { posix } from "node:path";
import type { chromeFormOperations } from "../../src/contract/chrome-forms.ts";
import type { chromePointingOperations } from "../../src/contract/chrome-pointing.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { PageActions } from "../browser/acting.ts";
import type { ElementActions, Where } from "../browser/elements/element-actions.ts";
import type { FormActions } from "../browser/elements/form-actions.ts";
import { type TabOfTargetParts, tabOfTarget } from "../browser/elements/tab-of-target.ts";
import type { Tabs } from "../browser/pages/tabs.ts";
import type { RunnerFiles } from "../runner/files.ts";
import type { Turns } from "../turns.ts";
import { type CallOf, restartedOf } from "./chrome-call.ts";
import type { HandlersOf } from "./handler.ts";

export interface ActingParts extends TabOfTargetParts {
  tabs: Tabs;
  actions: PageActions;
  does: ElementActions;
  forms: FormActions;
  files: Pick<RunnerFiles, "stat">;
  turns: Pick<Turns, "turn">;
}

/** Where files of an upload are looked for. */
const workspace = "/workspace";

/** What one does to what is on a page. */
export function chromeActingHandlers(
  parts: ActingParts,
): HandlersOf<typeof chromePointingOperations> & HandlersOf<typeof chromeFormOperations> {
  const { tabs, actions, does, forms, files, turns } = parts;

  const act = async <T>(
    input: { tab?: string | undefined; thenSnapshot: boolean; timeoutMs: number },
    call: CallOf,
    target: string | undefined,
    run: (where: Where) => Promise<T>,
  ) => {
    const id = tabOfTarget(parts, call.session.row.id, input.tab, target);
    const tab = await tabs.open(call.session, id, call.signal);
    const { thenSnapshot, timeoutMs } = input;
    const session = call.session.row.id;
    // Ended also when a dialog holds up the action for ever.
    using turn = turns.turn(session);
    const { done, changed } = await actions.perform(
      tab,
      { thenSnapshot, signal: call.signal },
      (signal) =>
        run({ session, page: tab.page, timeoutMs, signal, turn: () => turn.take(signal) }),
    );
    return { done, changed, restarted: restartedOf(tab.browser, call) };
  };

  /** For those whose only news is what it was done to. */
  const onTarget = async (...args: Parameters<typeof act<string>>) => {
    const { done: target, ...rest } = await act(...args);
    return { target, ...rest };
  };

  return {
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
