import { expect, test } from "bun:test";
import { Revival } from "../../../../daemon/sessions/revival.ts";
import type { SessionRow } from "../../../../daemon/store/sessions.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} } as never;

/** A session that comes back and dies again, as often as it is asked to. */
function patient(restart: boolean) {
  const row = { id: "s_x", name: "x", state: "failed", reason: "boom", restart } as SessionRow;
  const told: string[] = [];
  const given = Promise.withResolvers<string>();
  let now = 0;
  const revival = new Revival({
    rows: {
      async update(_: string, patch: Partial<SessionRow>) {
        Object.assign(row, patch);
        given.resolve(patch.reason ?? "");
        return row;
      },
      byRef: async () => row,
    } as never,
    lifecycle: {
      exclusively: async <T>(_: string, action: (row: SessionRow) => Promise<T>) => action(row),
      again: async () => {
        now += 1;
        return row;
      },
    } as never,
    events: { publish: async ({ type }) => void told.push(type) },
    log,
    pauseMs: 1,
    now: () => now,
  });
  return { row, revival, told, given: given.promise };
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
