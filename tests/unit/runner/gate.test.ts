import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { InputGate } from "../../../docker/workstation/runner/terminal/gate.ts";
import type { Waiting } from "../../../docker/workstation/runner/terminal/programs.ts";

let written: string[];
let unread: number;
let waiting: Waiting | null;
let shownAt: number;
let gate: InputGate;

const type = (text: string) => gate.input(new TextEncoder().encode(text));
const marks = (...data: string[]) => {
  for (const mark of data) gate.mark(mark);
};
/** Resolves when the next bytes have been written. */
async function next(): Promise<string | undefined> {
  const { length } = written;
  while (written.length === length) await Bun.sleep(1);
  return written.at(-1);
}
/** Resolves when the gate has looked several times. */
const looks = () => Bun.sleep(20);

beforeEach(() => {
  written = [];
  unread = 0;
  waiting = "alone";
  shownAt = 0;
  gate = new InputGate({
    write: async (bytes) => {
      written.push(Buffer.from(bytes).toString());
      // Whoever has read a line does something about it.
      if (/[\r\x03\x04]$/.test(written.at(-1) ?? "")) waiting = null;
    },
    unread: () => unread,
    waiting: () => waiting,
    shownAt: () => shownAt,
  });
});
afterEach(() => gate.close());

describe("a line", () => {
  test("goes to whoever waits, and the next one when somebody waits again", async () => {
    type(":wq\rgo run main.go\rls");
    expect(written).toEqual([":wq\r"]);
    await looks();
    expect(written).toEqual([":wq\r"]);
    expect(gate.heldBytes).toBe(17);
    marks("D;0", "A", "B");
    waiting = "alone";
    expect(await next()).toBe("go run main.go\r");
    marks("C");
    await looks();
    waiting = "alone";
    expect(await next()).toBe("ls");
    expect(gate.heldBytes).toBe(0);
  });

  test("stays one when it comes in pieces, or is pasted", async () => {
    type("on");
    type("e\rtwo");
    expect(written.join("")).toBe("one\r");
    waiting = "alone";
    await next();
    type("\x1b[200~one\rtwo\r\x1b[201~b\rc");
    expect(written.at(-1)).toBe("\x1b[200~one\rtwo\r\x1b[201~b\r");
  });

  test("does not follow one that has not been read", async () => {
    type("one\rtwo\r");
    unread = 4;
    waiting = "alone";
    await looks();
    expect(written).toEqual(["one\r"]);
    unread = 0;
    expect(await next()).toBe("two\r");
  });

  test("goes to a program that waits for other things too once that rests", async () => {
    type("one\rtwo\r");
    waiting = "among";
    const started = performance.now();
    shownAt = started + 30;
    expect(await next()).toBe("two\r");
    expect(performance.now() - started).toBeGreaterThanOrEqual(80);
  });

  test("goes ahead to a program that is not seen to wait, and a second one does not", async () => {
    type("sleep 1\rone\rtwo\r");
    expect(await next()).toBe("one\r");
    unread = 4;
    await looks();
    expect(written).toEqual(["sleep 1\r", "one\r"]);
  });
});

describe("what does not go with the lines before it", () => {
  test("an end of file: it is one for who has read them", async () => {
    type("one\rtwo\x04cat\r");
    waiting = "alone";
    expect(await next()).toBe("two\x04");
    waiting = "alone";
    expect(await next()).toBe("cat\r");
  });

  test("a key that came alone, from what comes after it", async () => {
    type("one\r");
    type("\x1b");
    type(":q\r");
    waiting = "alone";
    expect(await next()).toBe("\x1b");
    const started = performance.now();
    expect(await next()).toBe(":q\r");
    expect(performance.now() - started).toBeGreaterThanOrEqual(99);
  });
});

test("Ctrl+C takes all that is held with it, when no program waits", async () => {
  type("sleep 1\rone\rtwo\r");
  marks("C");
  unread = 4;
  type("\x03");
  expect(await next()).toBe("one\rtwo\r\x03");
});

describe("of many lines", () => {
  const code = "x = 1\r".repeat(40);

  test("a program gets all but the last ones together", async () => {
    type("vi a.py\r");
    type(`${code}\x1b:wq\rpython3 a.py\r`);
    waiting = "alone";
    expect((await next())?.split("\r")).toHaveLength(39);
    for (const line of ["x = 1\r", "x = 1\r", "\x1b:wq\r", "python3 a.py\r"]) {
      waiting = "alone";
      expect(await next()).toBe(line);
    }
  });

  test("but no end of file with them", async () => {
    type(`${code}\x04${code}`);
    expect(written).toEqual([code]);
    waiting = "alone";
    expect(await next()).toBe("\x04");
  });

  test("a shell at its prompt gets each by itself", async () => {
    marks("A", "B");
    type(code);
    for (let line = 0; line < 40; line++) {
      waiting = "alone";
      expect(written.at(-1)).toBe("x = 1\r");
      if (line < 39) await next();
    }
  });
});

test("a shell gets keys as they are typed for it", async () => {
  type(":q\r");
  type("ls \x1b[27;2;124~ wc\x1b[27;5;99~\x1b[27;3;98~ls");
  marks("D;0", "A", "B");
  waiting = "alone";
  expect(await next()).toBe("ls | wc\x03");
  waiting = "alone";
  expect(await next()).toBe("\x1bbls");
});

test("lines that are held stay lines when a paste begins behind them and the prompt comes", async () => {
  type("vi\r");
  type("one\rtwo\r");
  type("\x1b[200~three\rfo");
  marks("D;0", "A", "B");
  type("ur\x1b[201~\rfive\r");
  for (const line of ["one\r", "two\r", "\x1b[200~three\rfour\x1b[201~\r", "five\r"]) {
    waiting = "alone";
    expect(await next()).toBe(line);
  }
});

test("whoever types more than is held waits until it is taken", async () => {
  let taken = false;
  const typed = type(`one\r${"x".repeat(70_000)}\r`).then(() => {
    taken = true;
  });
  await looks();
  expect(taken).toBe(false);
  waiting = "alone";
  await typed;
});

test("a shell that has ended takes all", async () => {
  const typed = type(`exit\r${"x".repeat(70_000)}\r`);
  gate.close();
  await typed;
  await type("more");
  expect(written).toEqual(["exit\r"]);
});
