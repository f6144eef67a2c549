import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { InputGate } from "../../../docker/workstation/runner/terminal/gate.ts";

let written: string[];
let unread: number;
let canonical: boolean;
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

beforeEach(() => {
  written = [];
  unread = 0;
  canonical = true;
  gate = new InputGate({
    write: async (bytes) => void written.push(Buffer.from(bytes).toString()),
    unread: () => unread,
    isCanonical: () => canonical,
    output: () => ({ received: 0, parsed: 0 }),
  });
});
afterEach(() => gate.close());

test("without marks nothing is held", () => {
  type("one\rtwo\r\x04three\r");
  expect(written.join("")).toBe("one\rtwo\r\x04three\r");
});

describe("at the prompt", () => {
  beforeEach(() => marks("A", "B"));

  test("a line goes at once, and what follows when the next prompt is there", () => {
    type("one\rtwo\rthr");
    type("ee");
    expect(written).toEqual(["one\r"]);
    expect(gate.heldBytes).toBe(9);
    marks("C", "D;0", "A", "B");
    expect(written).toEqual(["one\r", "two\r"]);
    marks("A;k=s", "B");
    expect(written.join("")).toBe("one\rtwo\rthree");
    expect(gate.heldBytes).toBe(0);
  });

  test("a line under edit and pasted lines are not cut", () => {
    type("a\x1b[200~one\rtwo\r\x1b[201~b");
    expect(written).toEqual(["a\x1b[200~one\rtwo\r\x1b[201~b"]);
  });

  test("what follows a line that the shell does not answer is held for a moment only", async () => {
    type("one\rtwo\rthree\r");
    expect(await next()).toBe("two\rthree\r");
  });

  test("a shell that marks only the prompt's begin is answered there", () => {
    gate.close();
    gate = new InputGate({
      write: async (bytes) => void written.push(Buffer.from(bytes).toString()),
      unread: () => unread,
      isCanonical: () => canonical,
      output: () => ({ received: 0, parsed: 0 }),
    });
    marks("A");
    type("one\rtwo\r");
    marks("C", "D;0", "A");
    expect(written).toEqual(["one\r", "two\r"]);
  });
});

describe("while a command runs", () => {
  beforeEach(() => marks("A", "B"));

  test("that reads, all follows once it has read a line", async () => {
    type("cat\rone\rtwo\rthree\r");
    marks("C");
    expect(written).toEqual(["cat\r"]);
    expect(await next()).toBe("one\r");
    expect(await next()).toBe("two\rthree\r");
  });

  test("that does not read, one line follows, and the rest after the next prompt", async () => {
    type("sleep 1\rcat\rone\rtwo\r");
    marks("C");
    unread = 4;
    expect(await next()).toBe("cat\r");
    await Bun.sleep(30);
    marks("D;0", "A", "B");
    unread = 0;
    marks("C");
    expect(written).toEqual(["sleep 1\r", "cat\r"]);
    expect(await next()).toBe("one\r");
  });

  test("Ctrl+C takes all that is held with it, at once", async () => {
    type("sleep 1\rone\rtwo\rthree\r");
    marks("C");
    unread = 4;
    expect(await next()).toBe("one\r");
    type("\x03");
    expect(written.at(-1)).toBe("two\rthree\r\x03");
  });

  test("what follows the end of its file waits for the shell", async () => {
    type("cat\rone\r");
    marks("C");
    await next();
    await Bun.sleep(30);
    type("two\r\x04cat\rthree\r");
    expect(written.slice(2).join("")).toBe("two\r\x04");
    marks("D;0", "A", "B");
    expect(written.at(-1)).toBe("cat\r");
  });

  test("that reads key by key, its end is not taken for an answer of the shell", async () => {
    type("vim\r");
    marks("C");
    canonical = false;
    await Bun.sleep(70);
    type(":q\rls\rdate\r");
    expect(await next()).toBe(":q\r");
    marks("D;0", "A", "B");
    expect(written.at(-1)).toBe("ls\r");
    expect(gate.isPending).toBe(true);
  });

  test("Ctrl+D is an ordinary key for a program that reads key by key", async () => {
    type("vim\rone\r");
    marks("C");
    await next();
    canonical = false;
    await Bun.sleep(30);
    type("\x04\x04i");
    expect(written.slice(2).join("")).toBe("\x04\x04i");
  });
});

test("whoever types more than is held waits until it is taken", async () => {
  marks("A", "B");
  let taken = false;
  const typed = type(`one\r${"x".repeat(70_000)}\r`).then(() => {
    taken = true;
  });
  await Bun.sleep(1);
  expect(taken).toBe(false);
  marks("C", "D;0", "A", "B");
  await typed;
});

test("a shell that has ended takes all", async () => {
  marks("A", "B");
  const typed = type(`exit\r${"x".repeat(70_000)}\r`);
  gate.close();
  await typed;
  await type("more");
  expect(written).toEqual(["exit\r"]);
});
