import { Lookout } from "./lookout.ts";
import { type Listener, listeners } from "./ports.ts";

/** How often to look which ports are listened on, in milliseconds: the kernel tells nobody of a new one. */
const distances = { firstMs: 10, longestMs: 250 };

/** Tells that a program has begun or ceased to listen, as long as somebody wants to know. */
export class PortWatch {
  private known = "";
  private readonly lookout: Lookout;

  constructor(changed: () => void, look: () => readonly Listener[] = listeners) {
    this.lookout = new Lookout(() => {
      const now = JSON.stringify(look());
      if (now !== this.known) changed();
      this.known = now;
    }, distances);
  }

  /** Begins to tell; the last who ends it ends the looking. */
  watch(): Disposable {
    // The first look is told, too: nobody knows what was before.
    this.known = "";
    return this.lookout.watch();
  }

  /** To be called when a terminal has changed: programs say that they listen now. */
  stir(): void {
    this.lookout.stir();
  }
}
