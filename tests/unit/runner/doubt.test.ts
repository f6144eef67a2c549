import { expect, test } from "bun:test";
import { type Reader, waitsForInput } from "../../../docker/workstation/runner/terminal/doubt.ts";

type Look = Partial<Record<"unread" | "busy" | "shows" | "runs", true>>;

/** A shell at a prompt that is in doubt; `looks` are what it does, one each time it is asked. */
function shell(...looks: Look[]) {
  let seq = 0;
  let inDoubt = true;
  const look = () => {
    const now = looks.shift() ?? {};
    if (now.shows) seq++;
    if (now.runs) inDoubt = false;
    return now;
  };
  let busy = false;
  const reader: Reader = {
    unread: () => {
      const now = look();
      busy = now.busy === true;
      return now.unread ? 3 : 0;
    },
    isBusy: () => busy,
    seq: () => seq,
    inDoubt: () => inDoubt,
  };
  return { reader, left: looks };
}

test("a shell that has read everything and rests waits for input", async () => {
  expect(await waitsForInput(shell().reader)).toBe(true);
});

const busyFor: [string, Look[]][] = [
  ["has input", [{ unread: true }, { unread: true }, {}, {}]],
  ["computes", [{ busy: true }, {}, { busy: true }, {}, {}]],
  ["shows something", [{}, { shows: true }, {}, {}]],
];
test.each(busyFor)("a shell that %s is waited for", async (_, looks) => {
  const { reader, left } = shell(...looks);
  expect(await waitsForInput(reader)).toBe(true);
  expect(left).toEqual([]);
});

test("a shell that runs what was typed ahead does not wait for input", async () => {
  expect(await waitsForInput(shell({ unread: true }, { runs: true }).reader)).toBe(false);
});
