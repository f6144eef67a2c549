import { expect, test } from "bun:test";
import { Turns } from "../../../daemon/turns.ts";

const signal = new AbortController().signal;

/** Turns at the desktop `a`, and what has been done there in which order. */
function desktop() {
  const turns = new Turns();
  const log: string[] = [];
  const does = (name: string) => async () => void log.push(name);
  /** Holds the desktop until it is finished. */
  const list = () => {
    const { promise, resolve: finish } = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const done = turns.hold(
      "a",
      async () => {
        log.push("list begins");
        begun.resolve();
        await promise;
        log.push("list ends");
      },
      signal,
    );
    return { done, finish, begun: begun.promise };
  };
  return { turns, log, does, list };
}

test("a list goes on with what it holds, and all others wait", async () => {
  const { turns, log, does } = desktop();
  const held = turns.hold(
    "a",
    async () => {
      await turns.run("a", does("keys"));
      await turns.share("a", does("a window"), signal);
      await turns.begin("a", signal);
      using turn = turns.turn("a");
      await turn.take(signal);
      await turns.run("b", does("another desktop"));
      log.push("list ends");
    },
    signal,
  );
  using clicks = turns.turn("a");
  await Promise.all([
    held,
    turns.run("a", does("their keys")),
    turns.share("a", does("their window"), signal),
    turns.begin("a", signal).then(does("their page")),
    clicks.take(signal).then(does("their click")),
  ]);
  expect(log.slice(0, 4)).toEqual(["keys", "a window", "another desktop", "list ends"]);
  expect(log.slice(4).toSorted()).toEqual([
    "their click",
    "their keys",
    "their page",
    "their window",
  ]);
});

test("a list begins when what others have begun is over", async () => {
  const { turns, log, does, list } = desktop();
  const going = Promise.withResolvers<void>();
  const keys = () => turns.run("a", does("their keys"));
  const window = turns.share("a", () => going.promise.then(keys), signal);
  const click = turns.turn("a");
  await click.take(signal);
  // Again, as one action is made of others.
  const { done, finish, begun } = list();
  await click.take(signal);
  going.resolve();
  await window;
  expect(log).toEqual(["their keys"]);
  click[Symbol.dispose]();
  await begun;
  finish();
  await done;
});

test("a list within a list goes on at once", async () => {
  const { turns, log, does } = desktop();
  const inner = () => turns.hold("a", does("inner list"), signal);
  await turns.hold("a", () => inner().then(does("outer list")), signal);
  await turns.share("a", does("a window"), signal);
  expect(log).toEqual(["inner list", "outer list", "a window"]);
});

test("without a list nobody waits for anybody but keys and pointer", async () => {
  const { turns, log, does } = desktop();
  const never = Promise.withResolvers<void>();
  void turns.share("a", () => never.promise, signal);
  void turns.run("a", () => never.promise);
  await turns.share("a", does("a window"), signal);
  await turns.begin("a", signal);
  expect(log).toEqual(["a window"]);
});

test("a list that is given up while it waits holds nobody, and lets the one before it go on", async () => {
  const { turns, log, does, list } = desktop();
  const first = list();
  const gone = new AbortController();
  const second = turns.hold("a", does("never"), gone.signal);
  const theirs = turns.share("a", does("their window"), signal);
  gone.abort();
  await expect(second).rejects.toMatchObject({ code: "interrupted" });
  expect(log).toEqual(["list begins"]);
  first.finish();
  await theirs;
  expect(log).toEqual(["list begins", "list ends", "their window"]);
});

test("what has been left behind does nothing more", async () => {
  const { turns, list } = desktop();
  const { done, finish } = list();
  const turn = turns.turn("a");
  const late = turn.take(signal);
  turn[Symbol.dispose]();
  finish();
  await expect(late).rejects.toMatchObject({ code: "interrupted" });
  await done;
  // Nor does it hold up the next list.
  await turns.hold("a", async () => {}, signal);
});

test("what a list has left behind is no part of it when it is over", async () => {
  const { turns, log, does, list } = desktop();
  const later = Promise.withResolvers<void>();
  let left: Promise<void> = Promise.resolve();
  await turns.hold(
    "a",
    async () => {
      left = later.promise.then(() => turns.share("a", does("left behind"), signal));
    },
    signal,
  );
  const { done, finish, begun } = list();
  await begun;
  later.resolve();
  await Bun.sleep(0);
  expect(log).toEqual(["list begins"]);
  finish();
  await Promise.all([done, left]);
  expect(log).toEqual(["list begins", "list ends", "left behind"]);
});
