import { expect, test } from "bun:test";
import { Link } from "../../../src/tunnel/link.ts";
import { limits, TunnelError } from "../../../src/tunnel/protocol.ts";
import { Party } from "./harness.ts";

const heartbeat = { quietMs: 10, answerMs: 20 };
const never = new AbortController().signal;
const user = { control: () => {}, opened: () => "none are accepted" };

test("a side that falls silent is given up, and its streams are lost", async () => {
  const link = new Link("inside", user, heartbeat);
  const party = new Party();
  party.stream = link.mux.open("echo", party);
  const reason = await link.run(new ReadableStream(), never);
  expect(reason.message).toMatch(/^the other side has been silent for \d+ s$/);
  expect(party.lostFor).toBe(reason.message);
});

test("a quiet side that answers is not given up", async () => {
  const inside = new Link("inside", user, heartbeat);
  const outside = new Link("outside", user);
  const aborted = new AbortController();
  const ended = Promise.withResolvers<void>();
  let pongs = 0;
  const counted = outside.output.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        if (++pongs === 10) ended.resolve();
        controller.enqueue(bytes);
      },
    }),
  );
  const running = [inside.run(counted, aborted.signal), outside.run(inside.output, never)];
  await Promise.race([ended.promise, ...running]);
  expect(pongs).toBe(10);
  aborted.abort();
  expect((await Promise.all(running)).map((reason) => reason instanceof TunnelError)).toEqual([
    ...[true, true],
  ]);
});

test("a connection that ends says so, and so does one that is aborted", async () => {
  const closed = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  const reason = await new Link("inside", user).run(closed, never);
  expect(reason.message).toBe("the other side has closed the connection");
  const late = AbortSignal.abort(new TunnelError("it is over"));
  expect((await new Link("inside", user).run(new ReadableStream(), late)).message).toBe(
    "it is over",
  );
});

test("what a connection does not take stays with the streams", async () => {
  const link = new Link("inside", user);
  const parties = Array.from({ length: 10 }, () => {
    const party = new Party();
    party.stream = link.mux.open("echo", party);
    party.stream?.send(new Uint8Array(limits.window));
    return party;
  });
  const waiting = () => parties.reduce((sum, { stream }) => sum + (stream?.waiting ?? 0), 0);
  const reader = link.output.getReader();
  const taken = (await reader.read()).value?.length ?? 0;
  expect(waiting()).toBeGreaterThan(6 * limits.window);
  for (let left = 10 * limits.window - taken; left > 0; ) {
    left -= (await reader.read()).value?.length ?? left;
  }
  expect(waiting()).toBe(0);
});
