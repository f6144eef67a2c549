import type { Display, DisplayLease } from "../display/types.ts";

/** Buttons that stay down between two calls, and the connections that hold them down. */
export class HeldButtons {
  private readonly all = new Map<string, { mask: number; lease: DisplayLease; timer: Timer }>();

  /** How long one may stay down, in milliseconds: whoever held it may never come back. */
  constructor(private readonly longestMs = 5 * 60 * 1000) {}

  /** Bits of the mask that are down on a session's display. */
  of(session: string, display: Display): number {
    const held = this.all.get(session);
    return held?.lease.display === display ? held.mask : 0;
  }

  /** Remembers what is down now. A connection that ends lets go, so it is kept open meanwhile. */
  async keep(session: string, mask: number, acquire: () => Promise<DisplayLease>): Promise<void> {
    if (mask === 0) return this.forget(session);
    const lease = await acquire();
    this.forget(session);
    const timer = setTimeout(() => this.letGo(session), this.longestMs);
    timer.unref();
    this.all.set(session, { mask, lease, timer });
  }

  private letGo(session: string): void {
    const display = this.all.get(session)?.lease.display;
    if (display && !display.closed) {
      const { x, y } = display.pointer ?? { x: 0, y: 0 };
      display.pointerEvent(x, y, 0);
    }
    this.forget(session);
  }

  private forget(session: string): void {
    const held = this.all.get(session);
    this.all.delete(session);
    clearTimeout(held?.timer);
    held?.lease[Symbol.dispose]();
  }
}
