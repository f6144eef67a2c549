import { beforeEach, describe, expect, test } from "bun:test";
import type { Ending } from "../../../../daemon/sessions/ending.ts";
import { HomeLimit } from "../../../../daemon/sessions/home-limit.ts";
import type { SessionRow } from "../../../../daemon/store/sessions.ts";

const MiB = 1024 ** 2;
const limitBytes = 100 * MiB;

/** A disk with homes on it; what is over the limit is told to `stopped`. */
class Disk {
  readonly homes = new Map<string, number>();
  other = 0;
  counted = 0;
  clock = 0;
  atHand = true;
  /** What a session writes between the count and its end. */
  parting = 0;
  readonly stopped: [string, Ending][] = [];

  readonly limit = new HomeLimit({
    limitBytes,
    now: () => this.clock,
    driver: {
      homes: {
        diskUse: async () =>
          this.atHand ? [...this.homes.values()].reduce((sum, it) => sum + it, this.other) : null,
        sizes: async () => {
          this.counted += 1;
          return new Map(this.homes);
        },
      },
    },
    directory: {
      ids: () => [...this.homes.keys()],
      peek: (id) => ({ row: { id } as SessionRow }) as never,
    },
    lifecycle: {
      exclusively: async (id, action) => action({ id } as SessionRow),
      end: async (row, ending) => {
        this.homes.set(row.id, (this.homes.get(row.id) ?? 0) + this.parting);
        this.stopped.push([row.id, ending]);
        return row;
      },
    },
  });

  async look(id?: string, bytes = 0): Promise<string[]> {
    if (id !== undefined) this.homes.set(id, bytes);
    this.clock += 2000;
    const before = this.stopped.length;
    await this.limit.sweep();
    return this.stopped.slice(before).map(([stopped]) => stopped);
  }
}

let disk: Disk;
beforeEach(async () => {
  disk = new Disk();
  await disk.look("a", 10 * MiB);
});

describe("a home", () => {
  test("that grows over the limit ends its session, which says how much it holds", async () => {
    expect(await disk.look("a", 90 * MiB)).toEqual([]);
    expect(await disk.look("a", 150 * MiB)).toEqual(["a"]);
    const [, ending] = disk.stopped[0] ?? [];
    expect(ending?.type).toBe("stopped");
    expect(ending?.reason).toContain("150 of 100 MiB");
  });

  test("of a new session counts from nothing", async () => {
    expect(await disk.look("b", 200 * MiB)).toEqual(["b"]);
  });

  test("that was stopped may be started again, but not grow", async () => {
    disk.parting = 50 * MiB;
    expect(await disk.look("a", 150 * MiB)).toEqual(["a"]);
    disk.other += 80 * MiB;
    expect(await disk.look()).toEqual([]);
    expect(await disk.look("a", 205 * MiB)).toEqual([]);
    disk.other += 80 * MiB;
    expect(await disk.look("a", 230 * MiB)).toEqual(["a"]);
  });

  test("cannot creep up, a little with every look", async () => {
    await disk.look("a", 150 * MiB);
    const ends: string[] = [];
    for (let step = 1; step <= 4; step += 1) {
      disk.other += 80 * MiB;
      ends.push(...(await disk.look("a", (150 + step * 5) * MiB)));
    }
    expect(ends).toEqual(["a"]);
  });

  test("that is over the limit when the daemon starts is let be until it grows", async () => {
    const restarted = new Disk();
    expect(await restarted.look("a", 300 * MiB)).toEqual([]);
    expect(await restarted.look("a", 400 * MiB)).toEqual(["a"]);
  });
});

describe("homes are counted", () => {
  test("only when the disk has filled", async () => {
    const counted = disk.counted;
    for (let look = 0; look < 10; look += 1) await disk.look();
    expect(disk.counted).toBe(counted);
    disk.other += 64 * MiB;
    await disk.look();
    expect(disk.counted).toBe(counted + 1);
  });

  test("also when as much has gone elsewhere", async () => {
    disk.other = 500 * MiB;
    await disk.look();
    disk.other = 0;
    await disk.look();
    expect(await disk.look("a", 400 * MiB)).toEqual(["a"]);
  });

  test("every five minutes all the same", async () => {
    const counted = disk.counted;
    disk.clock += 300_000;
    await disk.look();
    expect(disk.counted).toBe(counted + 1);
  });

  test("now and then where the disk cannot be asked", async () => {
    disk.atHand = false;
    const counted = disk.counted;
    await disk.look();
    expect(disk.counted).toBe(counted);
    disk.clock += 30_000;
    await disk.look();
    expect(disk.counted).toBe(counted + 1);
  });
});

test("without a limit nothing is counted", async () => {
  let asked = 0;
  const homes = { diskUse: async () => asked++, sizes: async () => new Map<string, number>() };
  const directory = { ids: () => ["a"], peek: () => undefined };
  const lifecycle = {
    exclusively: async () => undefined as never,
    end: async (row: SessionRow) => row,
  };
  await new HomeLimit({ driver: { homes }, directory, lifecycle, limitBytes: 0 }).sweep();
  expect(asked).toBe(0);
  // Nor is it on an engine that cannot count.
  await new HomeLimit({ driver: { homes: null }, directory, lifecycle, limitBytes: 1 }).sweep();
});
