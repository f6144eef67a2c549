import type { Evidence } from "../../src/contract/wait.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import { type DesktopWindows, windowsNamed } from "../desktop/windows.ts";
import type { Region } from "../display/types.ts";
import type { RunnerClient } from "../runner/client.ts";
import { shown } from "./checks.ts";
import { connectionLost } from "./wakes.ts";

export interface WindowPartParts {
  runner: Pick<RunnerClient, "events">;
  windows: Pick<DesktopWindows, "list">;
}

/** The part of the desktop that a window has, wherever it is moved: of those so named, the topmost. */
export class WindowPart implements Disposable {
  private window: ManagedWindow | null = null;
  private readonly ended = new AbortController();
  private readonly listeners = new Set<() => void>();
  private readonly lost = Promise.withResolvers<never>();

  private constructor(private readonly names: readonly string[]) {
    this.lost.promise.catch(() => {}); // Nobody may listen yet.
  }

  /** Resolves once it is known whether the window is there. */
  static async follow(
    { runner, windows }: WindowPartParts,
    session: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<WindowPart> {
    const part = new WindowPart(names);
    const all = AbortSignal.any([signal, part.ended.signal]);
    part.take((await windows.list(session, signal)).windows);
    const follow = async () => {
      for await (const _event of runner.events(session, all, { windows: true })) {
        part.take((await windows.list(session, all)).windows);
      }
      throw connectionLost();
    };
    follow().catch(part.lost.reject);
    return part;
  }

  /** Calls back when nothing tells any more where the window is. */
  onLost(listener: (reason: unknown) => void): void {
    this.lost.promise.catch(listener);
  }

  /** Null while it is not there. */
  get region(): Region | null {
    return this.window?.state === "minimized" ? null : (this.window?.region ?? null);
  }

  /** Calls back when it has come, gone or moved. Returns what ends that. */
  onMove(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  evidence(): Partial<Evidence> {
    return this.window ? shown(this.window) : {};
  }

  [Symbol.dispose](): void {
    this.ended.abort();
    this.listeners.clear();
  }

  private take(windows: readonly ManagedWindow[]): void {
    const before = JSON.stringify(this.region);
    this.window = this.names.flatMap((name) => windowsNamed(name, windows))[0] ?? null;
    if (JSON.stringify(this.region) === before) return;
    for (const listener of this.listeners) listener();
  }
}
