import { expect, test } from "bun:test";
import { KeyedQueue } from "../../../daemon/keyed-queue.ts";

function steps() {
  const queue = new KeyedQueue();
  const log: string[] = [];
  const task = (key: string, name: string, signal?: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = queue.run(
      key,
      async () => {
        log.push(`${name} starts`);
        await promise;
        log.push(`${name} ends`);
      },
      signal,
    );
    return { done, finish: resolve };
  };
  return { queue, log, task };
}

test("tasks of one key never overlap; others do not wait", async () => {
  const { log, task } = steps();
  const [first, second, other] = [task("a", "1"), task("a", "2"), task("b", "3")];
  other.finish();
  await other.done;
  expect(log).toEqual(["1 starts", "3 starts", "3 ends"]);
  second.finish();
  first.finish();
  await second.done;
  expect(log.slice(3)).toEqual(["1 ends", "2 starts", "2 ends"]);
});

test("a task that is aborted while it waits never starts, and nobody overtakes for it", async () => {
  const { log, task } = steps();
  const abort = new AbortController();
  const first = task("a", "1");
  const second = task("a", "2", abort.signal);
  const third = task("a", "3");
  abort.abort();
  await expect(second.done).rejects.toMatchObject({ code: "interrupted" });
  third.finish();
  await Promise.resolve();
  expect(log).toEqual(["1 starts"]);
  first.finish();
  await third.done;
  expect(log).toEqual(["1 starts", "1 ends", "3 starts", "3 ends"]);
});

test("a failed task does not hold up the next", async () => {
  const { queue } = steps();
  await expect(queue.run("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await queue.run("a", async () => 7)).toBe(7);
});

test("knows who is busy, and when nobody is", async () => {
  const { queue, task } = steps();
  const [first, second] = [task("a", "1"), task("a", "2")];
  expect([queue.busy("a"), queue.busy("b")]).toEqual([true, false]);
  let idle = false;
  const waiting = queue.idle().then(() => {
    idle = true;
  });
  first.finish();
  await first.done;
  expect([queue.busy("a"), idle]).toEqual([true, false]);
  second.finish();
  await waiting;
  expect(queue.busy("a")).toBe(false);
});
