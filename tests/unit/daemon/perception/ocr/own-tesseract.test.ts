import { expect, test } from "bun:test";
import { ownTesseract } from "../../../../../daemon/perception/ocr/own-tesseract.ts";

const calm = new AbortController().signal;
const picture = Buffer.from("P5\n1 1\n255\n\0");
/** A shell's line in place of tesseract; the mode is its $0. */
const instead = (line: string) => ownTesseract(["sh", "-c", line], 6);

test("the picture is what it reads, the mode its last word, and its output the answer", async () => {
  expect(await instead('cat; printf " mode %s" "$0"')(picture, calm)).toBe(`${picture} mode 6`);
});

test("it is told nothing of the environment", async () => {
  process.env.NEXORA_TEST_SECRET = "tell nobody";
  try {
    expect(await instead("env")(picture, calm)).not.toContain("tell nobody");
  } finally {
    delete process.env.NEXORA_TEST_SECRET;
  }
});

test.each([
  ["cat > /dev/null; echo broken >&2; exit 3", "broken"],
  ["exit 3", "it ended with 3"],
  ["kill -9 $$", "it ended with SIGKILL"],
])("%s: its failure says why", async (line, why) => {
  await expect(instead(line)(picture, calm)).rejects.toMatchObject({
    code: "action_failed",
    message: expect.stringContaining(why),
  });
});

test("a caller who goes away ends it, and who waits for a turn need not wait any longer", async () => {
  const caller = new AbortController();
  const run = instead("cat > /dev/null; exec sleep 1000");
  const all = [1, 2, 3].map(() => run(picture, caller.signal));
  caller.abort(new Error("gone"));
  for (const each of await Promise.allSettled(all)) expect(each.status).toBe("rejected");
  expect(await instead("echo next")(picture, calm)).toBe("next\n");
});
