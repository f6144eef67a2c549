import { after } from "../../src/abort.ts";
import { overlaps } from "../display/region.ts";
import type { DisplayLease, Region } from "../display/types.ts";
import { CaretFilter } from "./caret.ts";
import { type Held, held } from "./held.ts";
import type { WindowPart } from "./window-part.ts";

export interface PixelConditions {
  /** Holds as soon as a pixel has changed since the watch was made. */
  change: boolean;
  /** Holds when no pixel has changed for so many milliseconds. */
  stableMs?: number | undefined;
  /** Only this part counts; of a window, as long as it is there. */
  part: Region | WindowPart | null;
  /** A caret's blinking is no change for `stableMs`. */
  ignoreCaret: boolean;
}

/**
 * Watches a display's pixels from its making on, so that what an action changes counts even if
 * the action is over before the waiting begins.
 */
export class PixelWatch implements Disposable {
  private readonly held = Promise.withResolvers<Held>();
  private readonly ends: (() => void)[];
  private readonly carets = new CaretFilter();
  /** When the quiet time has begun at the earliest; null: nobody waits yet. */
  private since: number | null = null;
  private changedAt = Number.NEGATIVE_INFINITY;
  private cancel: () => void = () => {};

  constructor(
    private readonly lease: DisplayLease,
    private readonly conditions: PixelConditions,
  ) {
    // Nobody may be waiting when the display ends.
    this.held.promise.catch(() => {});
    const { display } = lease;
    const { part } = conditions;
    this.ends = [
      display.onChange((regions) => this.onChange(regions)),
      display.onClose((reason) => this.held.reject(reason)),
      ...(isWindow(part) ? [part.onMove(() => this.onMove())] : []),
    ];
    if (isWindow(part)) part.onLost((reason) => this.held.reject(reason));
  }

  /** Resolves with the condition that holds; rejects when the display ends. */
  wait(): Promise<Held> {
    this.since = performance.now();
    this.rest();
    return this.held.promise;
  }

  [Symbol.dispose](): void {
    this.cancel();
    for (const end of this.ends) end();
    this.lease[Symbol.dispose]();
  }

  private onChange(regions: readonly Region[]): void {
    const { change, ignoreCaret } = this.conditions;
    const counted = regions.filter((region) => this.counts(region));
    const [first] = counted;
    if (!first) return;
    if (change) this.held.resolve(held("change", { ...this.evidence(), region: first }));
    const now = performance.now();
    if (ignoreCaret) this.carets.changed(counted, this.lease.display.framebuffer, now);
    else this.changedAt = now;
    this.rest();
  }

  /** The window has come, gone or moved: what it shows is another part of the desktop. */
  private onMove(): void {
    this.changedAt = performance.now();
    this.rest();
  }

  private counts(region: Region): boolean {
    const { part } = this.conditions;
    if (part === null) return true;
    const counting = isWindow(part) ? part.region : part;
    return counting !== null && overlaps(region, counting);
  }

  /** Starts what is left of the quiet time. */
  private rest(): void {
    const { stableMs, part } = this.conditions;
    this.cancel();
    if (stableMs === undefined || this.since === null) return;
    if (isWindow(part) && part.region === null) return;
    const from = Math.max(this.since, this.changedAt, this.carets.changedAt);
    const leftMs = Math.max(0, from + stableMs - performance.now());
    this.cancel = after(leftMs, () =>
      this.held.resolve(held("stable", { ...this.evidence(), caret: this.carets.caret })),
    );
  }

  private evidence() {
    const { part } = this.conditions;
    return isWindow(part) ? part.evidence() : { region: part };
  }
}

function isWindow(part: Region | WindowPart | null): part is WindowPart {
  return part !== null && "onMove" in part;
}
