import { Lookout } from "../lookout.ts";
import type { Verdict } from "./input-wait.ts";

/** How often to look whether programs wait for input, in milliseconds; no event tells. */
const distances = { firstMs: 5, longestMs: 200 };

/** A terminal whose program is looked at. */
export interface WatchedTerminal {
  id: string;
  inputWait(): Promise<Verdict>;
}

/** Tells which terminals wait for input, as long as somebody wants to know. */
export class InputWatch {
  private readonly lookout: Lookout;

  constructor(
    terminals: () => readonly WatchedTerminal[],
    waits: (terminal: WatchedTerminal) => void,
  ) {
    this.lookout = new Lookout(async () => {
      for (const terminal of terminals()) {
        if ((await terminal.inputWait()) === "waits") waits(terminal);
      }
      // Output would have us look all the time: each look reads the processes.
      await Bun.sleep(distances.firstMs);
    }, distances);
  }

  /** Begins to tell, again and again while it is so; the last who ends it ends the looking. */
  watch(): Disposable {
    return this.lookout.watch();
  }

  /** To be called when a terminal has changed: its program may be about to ask something. */
  stir(): void {
    this.lookout.stir();
  }
}
