import { expect, test } from "bun:test";
import { CdpEvents } from "../../../../daemon/browser/cdp/events.ts";

const method = "Runtime.consoleAPICalled";
const message = (session: string) => `{"method":"${method}","params":{},"sessionId":"${session}"}`;

test("of a flood each event is taken, or its listeners are told that it is lost", () => {
  const events = new CdpEvents();
  const lost = { flooded: 0, quiet: 0 };
  const end = events.on(
    method,
    "A1",
    () => {},
    () => lost.flooded++,
  );
  events.on(
    method,
    "B2",
    () => {},
    () => lost.quiet++,
  );
  const taken = () => Array.from({ length: 5000 }, () => events.takes(method, message("A1")));
  const count = taken().filter(Boolean).length;
  expect(count).toBeLessThan(5000);
  expect(events.takes(method, message("B2"))).toBe(true);
  expect(lost).toEqual({ flooded: 5000 - count, quiet: 0 });
  expect(events.takes("Log.entryAdded", message("A1"))).toBe(false);
  end();
  expect(taken()).toContain(false);
  expect(lost.flooded).toBe(5000 - count);
});

test("an event that is too long is lost", () => {
  const events = new CdpEvents();
  let lost = 0;
  events.on(
    method,
    "A1",
    () => {},
    () => lost++,
  );
  const long = message("A1").replace("{}", `{"args":"${"x".repeat(2 * 1024 * 1024)}"}`);
  expect([events.takes(method, long), lost]).toEqual([false, 1]);
});
