import { expect, test } from "bun:test";
import { waitsForInput } from "../../../docker/workstation/runner/terminal/doubt.ts";

/** A shell at a prompt that is in doubt, and whether it waits each time it is asked. */
function shell(waits: boolean[], runs = false) {
  return { waits: () => waits.shift() === true, inDoubt: () => !runs || waits.length > 0 };
}

test("a shell that waits, now or later, has read all", async () => {
  expect(await waitsForInput(shell([true]))).toBe(true);
  expect(await waitsForInput(shell([false, false, true]))).toBe(true);
});

test("a shell that runs what was typed ahead does not wait for input", async () => {
  expect(await waitsForInput(shell([false, false], true))).toBe(false);
});
