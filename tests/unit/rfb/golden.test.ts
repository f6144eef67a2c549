import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { revOf } from "../../../daemon/display/band-hashes.ts";
import { recordingClient } from "./harness.ts";
import { seeded } from "./random.ts";

const folder = join(import.meta.dir, "../../fixtures/rfb");

for (const name of ["zrle", "raw"]) {
  describe(`a stream recorded from Xvnc, ${name}`, async () => {
    const stream = Bun.gunzipSync(await Bun.file(join(folder, `${name}.rfb.gz`)).bytes());
    const { width, height, rev } = await Bun.file(join(folder, `${name}.json`)).json();

    for (const longest of [1, 7, 1500, 65_536, stream.length]) {
      test(`gives the server's own pixels in chunks of up to ${longest} bytes`, () => {
        const random = seeded(longest);
        const { client, said } = recordingClient();
        for (let at = 0; at < stream.length; ) {
          const length = longest === stream.length ? longest : 1 + random(longest);
          client.push(stream.subarray(at, at + length));
          at += length;
        }
        expect(said.sizes).toEqual(["320x200", `${width}x${height}`]);
        expect(revOf(said.buffer)).toBe(rev);
        expect(said.complete).toBe(true);
      });
    }

    test("shows the cursor's shape, apart from the pixels", () => {
      const { client, said } = recordingClient();
      client.push(stream);
      const cursor = said.cursors.findLast(({ width }) => width > 0);
      expect(cursor?.pixels).toHaveLength(4 * (cursor?.width ?? 0) * (cursor?.height ?? 0));
      expect(cursor?.pixels.some((byte, i) => i % 4 === 3 && byte === 255)).toBe(true);
    });

    test("keeps one incremental request outstanding", () => {
      const { client, said } = recordingClient();
      client.push(stream);
      const incremental = said.sent.filter((message) => message[0] === 3 && message[1] === 1);
      expect(incremental).toHaveLength(said.updates);
    });
  });
}

describe("a stream recorded from Xvnc while Chromium changes the selection", async () => {
  const stream = Bun.gunzipSync(await Bun.file(join(folder, "selection.rfb.gz")).bytes());

  test.each([true, false])("stays in step, whether somebody listens or not", (deaf) => {
    const { client, said } = recordingClient({ deaf });
    client.push(stream);
    expect(said).toMatchObject({ updates: 7, complete: true });
    expect(said.texts).toEqual(deaf ? [] : ["hello world 123 ".repeat(5)]);
  });
});
