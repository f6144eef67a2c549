import { expect, test } from "bun:test";
import { waitsForKeys } from "../../../docker/workstation/runner/terminal/input-wait.ts";
import type { Seen } from "../../../docker/workstation/runner/terminal/reader.ts";

const program = (it: Partial<Seen> = {}): Seen => ({
  busy: false,
  reading: null,
  known: true,
  ...it,
});
const reads = program({ reading: "alone" });

interface Moment {
  seen?: Seen[];
  pending?: number;
  answers?: boolean;
  seq?: number;
}

/** A terminal at the two moments at which it is looked at. */
function front(first: Moment, second: Moment = first) {
  const moments = [first, second];
  const now = () => moments[0] ?? second;
  return {
    pending: () => now().pending ?? 0,
    answersComing: () => now().answers ?? false,
    seen: () => {
      const { seen = [reads] } = now();
      moments.shift();
      return seen;
    },
    seq: () => now().seq ?? 0,
  };
}

test("a program that reads, and rests, waits for input", async () => {
  expect(await waitsForKeys(front({}))).toBe("waits");
  const pipeline = [program(), reads];
  expect(await waitsForKeys(front({ seen: pipeline }))).toBe("waits");
  const among = [program({ reading: "among" })];
  expect(await waitsForKeys(front({ seen: among }))).toBe("waits");
});

const working: [string, Moment, Moment?][] = [
  ["reads nothing", { seen: [program()] }],
  ["computes", { seen: [program({ reading: "alone", busy: true })] }],
  ["has another beside it that computes", { seen: [reads, program({ busy: true })] }],
  ["has not read what was typed", { pending: 1 }],
  ["is a shell that answers", { answers: true }],
  ["is gone", { seen: [] }],
  ["writes", { seq: 1 }, { seq: 2 }],
  ["goes on to work", {}, { seen: [program()] }],
];
test.each(working)("one that %s works", async (_, first, second) => {
  expect(await waitsForKeys(front(first, second))).toBe("works");
});

test("of another user's program it is unknown", async () => {
  expect(await waitsForKeys(front({ seen: [program({ known: false })] }))).toBe("unknown");
});
