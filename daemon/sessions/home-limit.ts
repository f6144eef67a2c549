import type { Driver, Homes } from "../drivers/driver.ts";
import type { Directory } from "./directory.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface HomeLimitParts {
  driver: Pick<Driver, "homes">;
  directory: Pick<Directory, "ids" | "peek">;
  lifecycle: Pick<Lifecycle, "exclusively" | "end">;
  /** What a session may hold, in bytes; 0: no limit. */
  limitBytes: number;
  now?: () => number;
}

const MiB = 1024 ** 2;
/** Growth of the disk after which homes are counted, in bytes. */
const growth = 64 * MiB;
/** They are counted at least so often, in milliseconds: something else may have shrunk meanwhile. */
const atLeastMs = 300_000;
/** After a count, a pause of so many times what it took, but not longer than `mostMs`. */
const pause = { times: 4, mostMs: 30_000 };
const countingMs = 60_000;
/** What a session that was over its limit when it started may add, in bytes. */
const slack = 16 * MiB;

/**
 * Stops sessions whose home grows over the limit; what they hold stays. The disk's own use, which
 * costs nothing to ask for, says when it is worth to count. One that has been stopped may be
 * started and cleaned up: only when it grows further, it is stopped again.
 */
export class HomeLimit {
  /** Sizes of those that are over the limit, and were let be; null before the first count. */
  private excused: ReadonlyMap<string, number> | null = null;
  private lowestUse = Number.POSITIVE_INFINITY;
  private last = { atMs: Number.NEGATIVE_INFINITY, tookMs: 0 };
  private readonly now: () => number;

  constructor(private readonly parts: HomeLimitParts) {
    this.now = parts.now ?? Date.now;
  }

  /** Looks once; to be called every second or two. */
  async sweep(): Promise<void> {
    const { directory, limitBytes } = this.parts;
    const { homes } = this.parts.driver;
    if (limitBytes === 0 || homes === null || directory.ids().length === 0) return;
    if (!(await this.due(homes))) return;
    const sizes = await this.count(homes);
    const over = [...sizes].filter(([, bytes]) => bytes > limitBytes);
    const { excused } = this;
    if (excused === null) {
      this.excused = new Map(over);
      return;
    }
    const grown = over.filter(([id, bytes]) => bytes > (excused.get(id) ?? 0) + slack);
    for (const [id, bytes] of grown) await this.stop(id, bytes);
    // Who was stopped has written on until then.
    const final = grown.length > 0 ? await this.count(homes) : sizes;
    this.excused = new Map([
      ...over.flatMap(([id, bytes]) => {
        const before = excused.get(id);
        return before === undefined ? [] : [[id, Math.min(before, bytes)] as const];
      }),
      ...grown.map(([id, bytes]) => [id, final.get(id) ?? bytes] as const),
    ]);
  }

  private async due(homes: Homes): Promise<boolean> {
    const since = this.now() - this.last.atMs;
    if (since < Math.min(this.last.tookMs * pause.times, pause.mostMs)) return false;
    const use = await homes.diskUse();
    if (use === null) return since >= pause.mostMs;
    this.lowestUse = Math.min(this.lowestUse, use);
    const grown = use - this.lowestUse;
    return grown >= Math.min(growth, this.parts.limitBytes / 4) || since >= atLeastMs;
  }

  private async count(homes: Homes): Promise<Map<string, number>> {
    const started = this.now();
    const use = await homes.diskUse();
    this.last = { atMs: started, tookMs: 0 }; // Also when it fails: not again at once.
    const sizes = await homes.sizes(AbortSignal.timeout(countingMs));
    this.lowestUse = use ?? Number.POSITIVE_INFINITY;
    this.last = { atMs: this.now(), tookMs: this.now() - started };
    return sizes;
  }

  private async stop(id: string, bytes: number): Promise<void> {
    const { directory, lifecycle, limitBytes } = this.parts;
    if (!directory.peek(id)) return;
    await lifecycle.exclusively(id, async (row) => {
      if (!directory.peek(id)) return;
      const reason = `its home is over its limit: it holds ${mebibytes(bytes)} of ${mebibytes(limitBytes)} MiB; start it and remove files, or raise sessions.homeBytes`;
      await lifecycle.end(row, { type: "stopped", reason });
    });
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / MiB);
}
