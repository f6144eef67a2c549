import { GrowingPause } from "./growing-pause.ts";
import { type Listener, listeners } from "./ports.ts";

/** How often to look which ports are listened on, in milliseconds: the kernel tells nobody of a new one. */
const firstLookMs = 10;
const longestLookMs = 250;

/** Tells that a program has begun or ceased to listen, as long as somebody wants to know. */
export class PortWatch {
  private watchers = 0;
  private looking = false;
  private readonly pause = new GrowingPause(firstLookMs, longestLookMs);

  constructor(
    private readonly changed: () => void,
    private readonly look: () => readonly Listener[] = listeners,
  ) {}

  /** Begins to tell; the last who ends it ends the looking. */
  watch(): Disposable {
    this.watchers++;
    this.stir();
    void this.lookOn();
    return {
      [Symbol.dispose]: () => {
        this.watchers--;
        this.pause.end();
      },
    };
  }

  /** To be called when a terminal has changed: programs say that they listen now. */
  stir(): void {
    this.pause.restart();
  }

  private async lookOn(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    let known = "";
    while (this.watchers > 0) {
      const now = JSON.stringify(this.look());
      // The first look too: nobody knows what was before.
      if (now !== known) this.changed();
      known = now;
      await this.pause.wait();
    }
    this.looking = false;
  }
}
