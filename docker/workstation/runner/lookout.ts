import { GrowingPause } from "./growing-pause.ts";

/** How far looks are apart, in milliseconds: at first, and at most. */
interface Distances {
  firstMs: number;
  longestMs: number;
}

/** Looks again and again at what no event tells, as long as somebody wants to know. */
export class Lookout {
  private watchers = 0;
  private looking = false;
  private readonly pause: GrowingPause;

  constructor(
    private readonly look: () => Promise<void> | void,
    { firstMs, longestMs }: Distances,
  ) {
    this.pause = new GrowingPause(firstMs, longestMs);
  }

  /** Begins to look; the last who ends it ends the looking. */
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

  /** To be called when it is likely that there is something to see. */
  stir(): void {
    this.pause.restart();
  }

  private async lookOn(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    while (this.watchers > 0) {
      await this.look();
      await this.pause.wait();
    }
    this.looking = false;
  }
}
