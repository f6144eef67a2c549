import { expect, test } from "bun:test";
import { join } from "node:path";
import { RfbError } from "../../../src/rfb/error.ts";
import { recordingClient } from "./harness.ts";
import { seeded } from "./random.ts";

const fixture = join(import.meta.dir, "../../fixtures/rfb/zrle.rfb.gz");
const seed = Number(process.env.FUZZ_SEED ?? 20_261_120);
const variants = 2500;

/** Feeds a stream to a new client: how it ended, and where. */
function outcome(stream: Uint8Array): "clean end" | RfbError {
  const { client, said } = recordingClient();
  try {
    client.push(stream);
  } catch (error) {
    if (error instanceof RfbError) return error;
    throw error;
  }
  expect(said.buffer.pixels.length).toBe(4 * said.buffer.width * said.buffer.height);
  return "clean end";
}

test(`truncated and corrupted streams end cleanly or with one RfbError (seed ${seed})`, async () => {
  const stream = Bun.gunzipSync(await Bun.file(fixture).bytes());
  const random = seeded(seed);
  let failed = 0;
  for (let i = 0; i < variants; i++) {
    // Past the noise, so that most variants are decided by structure, not by bulk.
    const variant = stream.slice(0, 1 + random(i % 4 === 0 ? stream.length : 3000));
    for (let flips = random(6); flips > 0; flips--) {
      variant[random(variant.length)] = random(3) === 0 ? 255 : random(256);
    }
    const result = outcome(variant);
    if (result === "clean end") continue;
    failed++;
    expect(result.code).toBe("display_failed");
    expect(result.message).not.toBe("");
  }
  expect(failed).toBeGreaterThan(variants / 10);
  expect(failed).toBeLessThan(variants);
}, 60_000);

test("every truncation of an untouched stream is a clean end", async () => {
  const stream = Bun.gunzipSync(await Bun.file(fixture).bytes());
  const random = seeded(seed);
  for (let i = 0; i < 100; i++) {
    expect(outcome(stream.subarray(0, random(stream.length)))).toBe("clean end");
  }
});
