import { describe, expect, test } from "bun:test";
import { type LineOptions, readLines } from "../../src/lines.ts";

async function linesOf(text: string, chunkBytes: number, options?: LineOptions): Promise<string[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  return Array.fromAsync(readLines(chunks(), options));
}

describe("lines of a byte stream", () => {
  test("are the same however it is cut, also within a character", async () => {
    for (let size = 1; size < 20; size++) {
      expect(await linesOf("one\ntwö\n\n\ufeff🐢 three", size)).toEqual([
        "one",
        "twö",
        "",
        "\ufeff🐢 three",
      ]);
    }
  });

  test("come as soon as they end, and from text as well", async () => {
    async function* chunks() {
      yield "first\nsec";
      yield Buffer.from("ond\n");
      throw new Error("too far");
    }
    const lines = readLines(chunks());
    expect((await lines.next()).value).toBe("first");
    expect((await lines.next()).value).toBe("second");
  });

  test("end at carriage returns too, if wanted", async () => {
    const options = { carriageReturns: true };
    for (let size = 1; size < 10; size++) {
      expect(await linesOf("10 %\r20 %\r\nend", size, options)).toEqual([
        "10 %",
        "20 %",
        "",
        "end",
      ]);
    }
    expect(await linesOf("a\r\n", 10)).toEqual(["a\r"]);
  });
});

describe("an overlong line", () => {
  test("is cut, and never within a character", async () => {
    for (let size = 1; size < 20; size++) {
      const options = { maxBytes: 4, overlong: "cut" } as const;
      expect(await linesOf("1234567\nabcö\nfour\n12", size, options)).toEqual([
        "1234",
        "abc",
        "four",
        "12",
      ]);
    }
  });

  test("is split, and never within a character", async () => {
    for (let size = 1; size < 20; size++) {
      const lines = await linesOf("abcö🐢5\nfour\n", size, { maxBytes: 4 });
      expect(lines.slice(0, -1).join("")).toBe("abcö🐢5");
      expect(lines.at(-1)).toBe("four");
      expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(7);
    }
  });

  test("is refused, whatever follows", async () => {
    const options = { maxBytes: 4, overlong: () => new Error("too long") };
    expect(await linesOf("1234\n", 100, options)).toEqual(["1234"]);
    await expect(linesOf("12345\n", 100, options)).rejects.toThrow("too long");
    await expect(linesOf("1234567", 2, options)).rejects.toThrow("too long");
  });

  test("is split at 1 MiB when nothing is said", async () => {
    const lengths = (await linesOf("x".repeat(2_500_000), 600_000)).map((line) => line.length);
    expect(lengths).toEqual([1_048_576, 1_048_576, 402_848]);
  });
});
