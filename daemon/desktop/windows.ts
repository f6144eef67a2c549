import { NexoraError } from "../../src/contract/errors.ts";
import type { Output } from "../../src/contract/index.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import type {
  RunnerManagedWindow,
  RunnerOpen,
  RunnerWindowAction,
  RunnerWindows,
} from "../../src/runner/windows.ts";
import type { RunnerClient } from "../runner/client.ts";

/** The windows of a session's desktop, and what is done with them. */
export class DesktopWindows {
  constructor(private readonly runner: Pick<RunnerClient, "windows" | "windowAction" | "open">) {}

  /** All of them, the topmost first, and the pointer. */
  async list(
    session: string,
    signal: AbortSignal,
  ): Promise<{ windows: ManagedWindow[]; pointer: RunnerWindows["pointer"] }> {
    const { windows, pointer } = await this.runner.windows(session, signal);
    return { windows: windows.map(managedWindow), pointer };
  }

  /** The one window that `ref` means. Throws `not_found` and `conflict`, with what there is. */
  async find(session: string, ref: string, signal: AbortSignal): Promise<ManagedWindow> {
    return chosenWindow(ref, (await this.list(session, signal)).windows);
  }

  /** Does something with the window that `ref` means, and says what came of it. */
  async act(
    session: string,
    ref: string,
    action: RunnerWindowAction,
    signal: AbortSignal,
  ): Promise<{ done: boolean; window: ManagedWindow | null }> {
    const { id } = await this.find(session, ref, signal);
    const { done, window } = await this.runner.windowAction(session, id, action, signal);
    return { done, window: window && managedWindow(window) };
  }

  /** Opens a URL, a path or a program, and resolves when its window is there. */
  async open(
    session: string,
    what: RunnerOpen,
    signal: AbortSignal,
  ): Promise<Pick<Output<"open">, "opened" | "window">> {
    try {
      const { window, ...opened } = await this.runner.open(session, what, signal);
      return { opened, window: managedWindow(window) };
    } catch (error) {
      throw error instanceof NexoraError ? advised(error) : error;
    }
  }
}

/** What was not opened, and what to do then. */
function advised(error: NexoraError): NexoraError {
  const { code, message, details, cause } = error;
  const hint = {
    timeout: "look at the screen, or give it more time (--within)",
    not_found: "paths are those of the workstation, relative to /workspace",
    action_failed:
      "what needs no window is run by `nexora exec`; `nexora image ls` says what images have",
  }[code as string];
  return hint ? new NexoraError(code, message, { hint, details, cause }) : error;
}

/** A window as callers are told about it. */
function managedWindow(window: RunnerManagedWindow): ManagedWindow {
  const { x, y, width, height, cells: _, ...facts } = window;
  return { ...facts, region: { x, y, width, height } };
}

/** What a window is named by. */
type Named = Pick<ManagedWindow, "id" | "title" | "class">;

/**
 * The windows that a name means, in their order: by id; else by the whole of the title or class; else by
 * a part of them, whatever the case.
 */
export function windowsNamed<W extends Named>(name: string, windows: readonly W[]): W[] {
  const wanted = name.toLowerCase();
  const names = ({ title, class: its }: W) => [title.toLowerCase(), its.toLowerCase()];
  const matches = [
    windows.filter(({ id }) => id === wanted),
    windows.filter((window) => names(window).includes(wanted)),
    windows.filter((window) => names(window).some((each) => each.includes(wanted))),
  ];
  return matches.find((each) => each.length > 0) ?? [];
}

/** The one window that a name means. Throws `not_found` and `conflict`, with what there is. */
export function chosenWindow<W extends Named>(ref: string, windows: readonly W[]): W {
  const found = windowsNamed(ref, windows);
  if (found[0] && found.length === 1) return found[0];
  const candidates = (found.length > 0 ? found : windows).map(({ id, title }) => ({ id, title }));
  const listed = candidates.map(({ id, title }) => `${id} ${JSON.stringify(title)}`).join(", ");
  if (found.length > 1) {
    throw new NexoraError(
      "conflict",
      `${JSON.stringify(ref)} means ${found.length} windows: ${listed}`,
      {
        hint: "name one by its id",
        details: { windows: candidates },
      },
    );
  }
  throw new NexoraError("not_found", `there is no window ${JSON.stringify(ref)}`, {
    hint: listed === "" ? "no window is open" : `there are ${listed}`,
    details: { windows: candidates },
  });
}
