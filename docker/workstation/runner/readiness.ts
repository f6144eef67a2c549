import type { RunnerHealth } from "../../../src/runner/protocol.ts";

type Part = "display" | "window manager" | "terminal";

/** A part that has not come up by then is reported as failed. */
const deadlineMs = 20_000;

export interface ReadinessEvents {
  ready(ms: number): void;
  failed(part: Part, message: string): void;
}

/** Knows which parts are up; says once when all are, or which one did not come up in time. */
export class Readiness {
  ready = false;
  private readonly parts = new Map<Part, { ok: boolean; message: string }>([
    ["display", { ok: false, message: "the X server has not answered yet" }],
    ["window manager", { ok: false, message: "the terminal's window does not have the focus yet" }],
    ["terminal", { ok: false, message: "the shell has shown no prompt yet" }],
  ]);
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(private readonly events: ReadinessEvents) {
    this.timer = setTimeout(() => {
      for (const [part, { ok, message }] of this.parts) {
        if (!ok) return this.events.failed(part, `${message} (waited ${deadlineMs / 1000} s)`);
      }
    }, deadlineMs);
  }

  /** Milliseconds since the start of this program. */
  get uptimeMs(): number {
    return Math.round(performance.now());
  }

  report(part: Part, ok: boolean, message: string): void {
    this.parts.set(part, { ok, message });
    if (this.ready || [...this.parts.values()].some((it) => !it.ok)) return;
    this.ready = true;
    clearTimeout(this.timer);
    this.events.ready(this.uptimeMs);
  }

  isUp(part: Part): boolean {
    return this.parts.get(part)?.ok === true;
  }

  checks(): RunnerHealth["checks"] {
    return [...this.parts].map(([name, { ok, message }]) => ({ name, ok, message }));
  }
}
