import { expect, test } from "bun:test";
import { Actions } from "../../../../daemon/actions/actions.ts";
import type { Settling } from "../../../../daemon/actions/settling.ts";
import type { Live } from "../../../../daemon/sessions/directory.ts";
import { Turns } from "../../../../daemon/turns.ts";
import type { Afterwards } from "../../../../src/contract/input.ts";
import type { ScreenOutput } from "../../../../src/contract/screen.ts";
import { screenOptions } from "../../../../src/contract/screen.ts";
import { type WaitOutput, waitCondition } from "../../../../src/contract/wait.ts";

const { signal } = new AbortController();
const session = { row: { id: "a" } } as Live;
const screen = { text: [], textRev: "r1" } as unknown as ScreenOutput;
const then: Afterwards = {
  wait: waitCondition.parse({ change: true }),
  thenScreen: screenOptions.parse({ since: "before" }),
  settleMs: 0,
};

/** Actions at a desktop that logs what is done there; what is waited for comes with `expected`. */
function desktop(expected: Promise<void> = Promise.resolve()) {
  const log: string[] = [];
  const turns = new Turns();
  const nothing = { [Symbol.dispose]() {} };
  const look = async () => {
    log.push("look");
    return screen;
  };
  const waits = {
    async arm() {
      log.push("wait armed");
      const until = async () => {
        log.push("waits");
        await expected;
        return {} as WaitOutput;
      };
      return { ...nothing, until };
    },
  };
  const settles = {
    ...nothing,
    look: async <T>(_: boolean, take: () => Promise<T>) => ({
      screen: await take(),
      settled: { ms: 0, still: true },
    }),
  };
  const settling = { arm: async () => settles } as unknown as Settling;
  const actions = new Actions({ waits, screens: { look }, settling, turns });
  return { log, turns, actions };
}

test("what the list of somebody else does before counts neither for the wait nor for the look", async () => {
  const { log, turns, actions } = desktop();
  const theirs = Promise.withResolvers<void>();
  const list = turns.hold("a", () => theirs.promise, signal);
  const type = () => turns.run("a", async () => ({ typed: log.push("type") }), signal);
  const acted = actions.perform(session, then, signal, type);
  await Bun.sleep(0);
  log.push("their list ends");
  theirs.resolve();
  await Promise.all([list, acted]);
  expect(log).toEqual(["their list ends", "look", "wait armed", "type", "waits", "look"]);
});

test("a list waits for the end of an action, its keys included, and not for the wait behind it", async () => {
  const expected = Promise.withResolvers<void>();
  const { log, turns, actions } = desktop(expected.promise);
  const begun = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  const type = async () => {
    begun.resolve();
    await going.promise;
    return turns.run("a", async () => ({ typed: log.push("type") }), signal);
  };
  const acted = actions.perform(session, then, signal, type);
  await begun.promise;
  const list = turns.hold("a", async () => expected.resolve(void log.push("their list")), signal);
  going.resolve();
  await Promise.all([list, acted]);
  expect(log).toEqual(["look", "wait armed", "type", "waits", "their list", "look"]);
});
