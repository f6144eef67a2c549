import { expect, test } from "bun:test";
import { Slots } from "../../../../daemon/display/slots.ts";

const never = new AbortController().signal;

test("no more than the slots run at once, and all run in order", async () => {
  const slots = new Slots(2);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3, 4, 5].map((n) =>
      slots.run(async () => {
        order.push(n);
        most = Math.max(most, ++running);
        await Promise.resolve();
        running--;
      }, never),
    ),
  );
  expect([most, order]).toEqual([2, [1, 2, 3, 4, 5]]);
});

test("who gave up while waiting does not run, and keeps nobody's slot", async () => {
  const slots = new Slots(1);
  const gate = Promise.withResolvers<void>();
  const first = slots.run(() => gate.promise, never);
  const given = new AbortController();
  const second = slots.run(() => Promise.reject(new Error("ran")), given.signal);
  given.abort(new Error("gave up"));
  gate.resolve();
  await first;
  await expect(second).rejects.toThrow("gave up");
  expect(await slots.run(async () => "in", never)).toBe("in");
});
