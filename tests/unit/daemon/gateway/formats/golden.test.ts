import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { seeded } from "../../../rfb/random.ts";
import { endsWell, folder, recordings, stable, translated } from "./fixtures.ts";

/** Replies that are errors, or end without one: what comes of them is said in their names. */
const failing = ["chat-error", "messages-error"];

for (const recording of recordings()) {
  const { name, client, bytes } = recording;

  test(`${name} for ${client}`, async () => {
    const events = translated(recording, [bytes]);
    const path = join(folder, `${name}.${client}.sse`);
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, stable(events));
    expect(stable(events)).toBe(await Bun.file(path).text());
    expect(endsWell(events)).toBe(!failing.includes(name));
  });

  test(`${name} for ${client}: cut at every byte, it is the same`, () => {
    const whole = stable(translated(recording, [bytes]));
    for (let at = 1; at < bytes.length; at++) {
      const cut = translated(recording, [bytes.subarray(0, at), bytes.subarray(at)]);
      if (stable(cut) !== whole) expect(stable(cut)).toBe(whole);
    }
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(stable(translated(recording, single))).toBe(whole);
  });

  test(`${name} for ${client}: cut off anywhere, it never looks complete`, () => {
    // Once a finish reason has come, nothing of a Chat reply can be missing but its usage.
    const text = new TextDecoder().decode(bytes);
    const finish = /"(finish_reason":"|type":"message_stop)/.exec(text);
    const complete = finish ? text.indexOf("\n\n", finish.index) + 1 : text.length;
    const needed = new TextEncoder().encode(text.slice(0, complete)).length;
    for (let at = 0; at < needed; at++) {
      const events = translated(recording, [bytes.subarray(0, at)]);
      if (endsWell(events)) expect(`a good end after ${at} bytes`).toBe("an error");
      expect(events.at(-1)?.data).toContain("error");
    }
  });

  test(`${name} for ${client}: garbled, it ends, and only once`, () => {
    const random = seeded(Number(process.env.FUZZ_SEED ?? 20_261_122));
    for (let round = 0; round < 200; round++) {
      const garbled = bytes.slice();
      for (let n = random(4); n >= 0; n--) garbled[random(garbled.length)] = random(256);
      const events = translated(recording, [garbled]);
      const ends = events.filter((event) => endsWell([event]) || event.data.includes('"error":{'));
      expect(ends.length).toBeGreaterThan(0);
      expect(endsWell(events.slice(0, -1))).toBe(false);
    }
  });
}
