import { expect, test } from "bun:test";
import { Shells } from "../../../../daemon/vendors/anthropic/shells.ts";

/** Shells whose commands never end by themselves, with the signals that end them. */
function endless() {
  const ends: AbortSignal[] = [];
  const shells = new Shells({
    async stream(_session, _spec, _input, signal) {
      ends.push(signal);
      return (async function* () {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      })();
    },
  });
  const run = (conversation: string, input: object) =>
    shells.run({ session: "s", conversation }, input, 60_000, new AbortController().signal);
  return { shells, run, ends };
}

test("a shell at work is not ended for another conversation's", async () => {
  const { shells, run, ends } = endless();
  const busy = Array.from({ length: 7 }, (_, at) => run(`busy ${at}`, { command: "sleep 1d" }));
  await run("idle", { restart: true });
  busy.push(run("one more", { command: "sleep 1d" }));
  await expect(run("too many", { command: "true" })).rejects.toMatchObject({ code: "conflict" });
  expect(ends.map(({ aborted }) => aborted)).toEqual([...Array(7).fill(false), true, false]);
  shells[Symbol.dispose]();
  for (const { text } of await Promise.all(busy)) expect(text).toStartWith("bash has ended");
});

test("a start whose caller goes is given up", async () => {
  const { promise: started, resolve: start } = Promise.withResolvers<AbortSignal>();
  const shells = new Shells({
    stream: (_session, _spec, _input, signal) => {
      start(signal);
      return new Promise(() => {});
    },
  });
  const caller = new AbortController();
  const place = { session: "s", conversation: "c" };
  const ran = shells.run(place, { command: "true" }, 60_000, caller.signal);
  const end = await started;
  caller.abort();
  await expect(ran).rejects.toMatchObject({ code: "interrupted" });
  expect(end.aborted).toBe(true);
});
