import { after } from "../../src/abort.ts";
import { overlaps } from "./region.ts";
import type { DisplayLease, Region } from "./types.ts";

export interface PixelConditions {
  /** Holds as soon as a pixel has changed since the watch was made. */
  change: boolean;
  /** Holds when no pixel has changed for so many milliseconds. */
  stableMs?: number | undefined;
  /** Only this part counts. */
  region?: Region | undefined;
}

export type PixelCondition = "change" | "stable";

/**
 * Watches a display's pixels from its making on, so that what an action changes counts even if
 * the action is over before the waiting begins.
 */
export class PixelWatch implements Disposable {
  private readonly held = Promise.withResolvers<PixelCondition>();
  private readonly ends: (() => void)[];
  private cancel: (() => void) | null = null;

  constructor(
    private readonly lease: DisplayLease,
    private readonly conditions: PixelConditions,
  ) {
    // Nobody may be waiting when the display ends.
    this.held.promise.catch(() => {});
    const { display } = lease;
    this.ends = [
      display.onChange((regions) => this.onChange(regions)),
      display.onClose((reason) => this.held.reject(reason)),
    ];
  }

  /** Resolves with the condition that holds; rejects when the display ends. */
  wait(): Promise<PixelCondition> {
    this.rest();
    return this.held.promise;
  }

  [Symbol.dispose](): void {
    this.cancel?.();
    for (const end of this.ends) end();
    this.lease[Symbol.dispose]();
  }

  private onChange(regions: readonly Region[]): void {
    const { region, change } = this.conditions;
    if (region && !regions.some((changed) => overlaps(changed, region))) return;
    if (change) this.held.resolve("change");
    if (this.cancel) this.rest();
  }

  /** Starts the quiet time anew. */
  private rest(): void {
    const { stableMs } = this.conditions;
    if (stableMs === undefined) return;
    this.cancel?.();
    this.cancel = after(stableMs, () => this.held.resolve("stable"));
  }
}
