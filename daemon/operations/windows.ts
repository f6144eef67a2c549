import type { Afterwards, AfterwardsOutput } from "../../src/contract/input.ts";
import type { openOperations } from "../../src/contract/open.ts";
import type { ManagedWindow, windowOperations } from "../../src/contract/window.ts";
import type { RunnerWindowAction } from "../../src/runner/windows.ts";
import type { Actions } from "../actions/actions.ts";
import type { DesktopWindows } from "../desktop/windows.ts";
import type { Live } from "../sessions/directory.ts";
import type { HandlersOf } from "./handler.ts";

type Acted = { done: boolean; window: ManagedWindow | null } & AfterwardsOutput;
type Input = Afterwards & { window: string };

export function openHandlers(
  windows: DesktopWindows,
  actions: Actions,
): HandlersOf<typeof openOperations> {
  return {
    open: {
      reply(input, { session, signal }) {
        const { target, withinMs } = input;
        const open = () => windows.open(session.row.id, { target, withinMs }, signal);
        return actions.perform(session, input, signal, open);
      },
    },
  };
}

export function windowHandlers(
  windows: DesktopWindows,
  actions: Actions,
): HandlersOf<typeof windowOperations> {
  const does = <I extends Input>(action: (input: I) => RunnerWindowAction) => ({
    reply(input: I, { session, signal }: { session: Live; signal: AbortSignal }): Promise<Acted> {
      const act = () => windows.act(session.row.id, input.window, action(input), signal);
      return actions.perform(session, input, signal, act);
    },
  });
  return {
    windows: { reply: (_, { session, signal }) => windows.list(session.row.id, signal) },
    "window.focus": does(() => ({ action: "focus" })),
    "window.raise": does(() => ({ action: "raise" })),
    "window.lower": does(() => ({ action: "lower" })),
    "window.move": does(({ x, y }: Input & { x: number; y: number }) => ({ action: "move", x, y })),
    "window.resize": does(({ width, height }: Input & { width: number; height: number }) => ({
      action: "resize",
      width,
      height,
    })),
    "window.maximize": does(() => ({ action: "maximize" })),
    "window.minimize": does(() => ({ action: "minimize" })),
    "window.restore": does(() => ({ action: "restore" })),
    "window.close": does(() => ({ action: "close" })),
  };
}
