import { expect, test } from "bun:test";
import { Revival } from "../../../../daemon/sessions/revival.ts";
import type { SessionRow } from "../../../../daemon/store/sessions.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} } as never;

/** A session that comes back and dies again, as often as it is asked to; `again` may throw. */
function patient(restart: boolean, again: (tries: number) => void = () => {}) {
  const row = { id: "s_x", name: "x", state: "failed", reason: "boom", restart } as SessionRow;
  const told: string[] = [];
  const given = Promise.withResolvers<string>();
  let now = 0;
  let tries = 0;
  const revival = new Revival({
    rows: {
      async update(_: string, patch: Partial<SessionRow>) {
        Object.assign(row, patch);
        if (patch.state === "stopped") given.resolve(patch.reason ?? "");
        return row;
      },
      byRef: async () => row,
    } as never,
    lifecycle: {
      exclusively: async <T>(_: string, action: (row: SessionRow) => Promise<T>) => action(row),
      again: async () => {
        now += 1;
        again(++tries);
        return row;
      },
    } as never,
    events: { publish: async ({ type }) => void told.push(type) },
    log,
    pauseMs: 1,
    now: () => now,
  });
  return { row, revival, told, given: given.promise, tries: () => tries };
}

test("one that is not told to stays as it is", async () => {
  const { revival, told } = patient(false);
  revival.revive({ id: "s_x", restart: false } as SessionRow);
  await Bun.sleep(0);
  expect(told).toEqual([]);
});

test("one that is told to comes back at once", async () => {
  const { revival, row, told } = patient(true);
  revival.revive(row);
  revival.revive(row);
  await Bun.sleep(0);
  expect(told).toEqual(["restarted"]);
});

test("one that dies again and again is given up, and says so", async () => {
  const { revival, row, told, given } = patient(true);
  const again = setInterval(() => revival.revive(row), 1);
  expect(await given).toStartWith("given up: brought back 5 times");
  clearInterval(again);
  await Bun.sleep(0);
  expect(row.state).toBe("stopped");
  expect(told).toEqual([...Array(5).fill("restarted"), "stopped"]);
}, 60_000);

const full = new NexoraError("conflict", "2 sessions are open, which is the limit", {
  details: { limit: 2, open: ["a", "b"] },
});
const away = new NexoraError("engine_unreachable", "cannot reach the Docker engine");

test.each([full, away])(
  "one that has to wait (%p) says for what, and is not given up",
  async (why) => {
    const told = Promise.withResolvers<void>();
    const { revival, row, tries, ...rest } = patient(true, (tries) => {
      if (tries > 1) expect(row.reason).toBe(`boom; to be brought back, it waits: ${why.message}`);
      if (tries < 8) throw why;
      told.resolve();
    });
    revival.revive(row);
    await told.promise;
    await Bun.sleep(0);
    expect(rest.told).toEqual(["restarted"]);
    expect(row.state).toBe("failed");
    expect(tries()).toBe(8);
  },
  60_000,
);

test("one that cannot be started is let be after five tries, and is not to blame", async () => {
  const { revival, row, tries, given, told } = patient(true, () => {
    row.reason = "it did not start: there is no image";
    throw new NexoraError("image_missing", "there is no image");
  });
  revival.revive(row);
  expect(await given).toBe("it did not start: there is no image (tried 5 times within 10 min)");
  await Bun.sleep(0);
  expect(tries()).toBe(5);
  expect(row.state).toBe("stopped");
  expect(told).toEqual(["stopped"]);
}, 60_000);
