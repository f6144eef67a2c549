import { GrowingPause } from "../growing-pause.ts";
import type { Verdict } from "./input-wait.ts";

/** How often to look whether programs wait for input; no event tells. It grows up to the longest. */
const firstLookMs = 5;
const longestLookMs = 200;

/** A terminal whose program is looked at. */
export interface WatchedTerminal {
  id: string;
  inputWait(): Promise<Verdict>;
}

/** Tells which terminals wait for input, as long as somebody wants to know. */
export class InputWatch {
  private watchers = 0;
  private looking = false;
  private readonly pause = new GrowingPause(firstLookMs, longestLookMs);

  constructor(
    private readonly terminals: () => readonly WatchedTerminal[],
    private readonly waits: (terminal: WatchedTerminal) => void,
  ) {}

  /** Begins to tell, again and again while it is so; the last who ends it ends the looking. */
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

  /** To be called when a terminal has changed: its program may be about to ask something. */
  stir(): void {
    this.pause.restart();
  }

  private async lookOn(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    while (this.watchers > 0) {
      for (const terminal of this.terminals()) {
        if ((await terminal.inputWait()) === "waits") this.waits(terminal);
      }
      await Bun.sleep(firstLookMs);
      await this.pause.wait();
    }
    this.looking = false;
  }
}
