import { expect, test } from "bun:test";
import { TesseractInside } from "../../../../../daemon/perception/ocr/tesseract-inside.ts";
import type { ExecOutput } from "../../../../../src/contract/exec.ts";

const calm = new AbortController().signal;

/** A workstation in which every command ends like this. */
function ending(result: Partial<ExecOutput>) {
  const run = async () => ({ stdout: "", stderr: "", exitCode: 0, ...result }) as ExecOutput;
  return new TesseractInside({ run });
}

test.each([
  [0, true],
  [1, false],
  [null, false],
])("whether it is there is what test(1) says: %p", async (exitCode, there) => {
  expect(await ending({ exitCode }).isThere("s", calm)).toBe(there);
});

test.each([
  [
    { exitCode: 1, stderr: "Error opening \u001b[31mdata file\nmore" },
    "Error opening [31mdata file",
  ],
  [{ exitCode: null, signal: "SIGKILL" }, "it ended with SIGKILL"],
  [{ exitCode: 124, timedOut: true }, "it took more than 60 s"],
])("its failure is told: %o", async (result, why) => {
  await expect(ending(result).run("s", 6)(new Uint8Array(), calm)).rejects.toMatchObject({
    code: "action_failed",
    message: `the workstation's tesseract failed: ${why}`,
  });
});
