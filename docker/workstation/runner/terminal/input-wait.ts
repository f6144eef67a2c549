import type { Reading, Seen } from "./reader.ts";

/** How long a program must rest that does nothing but read, in milliseconds. */
const restMs = 5;
/** The same of one that waits for other things too, and may be at work on those. */
const longRestMs = 50;

/** The terminal and its programs, as they are at the moment. */
export interface Front {
  /** Bytes typed that no program has read. */
  pending(): number;
  /** Output is on its way, or the shell has a prompt and may be about to read what was typed before it. */
  answersComing(): boolean;
  /** The programs in the foreground. */
  seen(): Seen[];
  /** Grows with every change of the screen. */
  seq(): number;
}

/** `waits`: for input. `works`: it does not. `unknown`: another user's program, which shows nothing. */
export type Verdict = "waits" | "works" | "unknown";

/**
 * Whether the program in front waits for input: one of its processes sleeps until the terminal has
 * some, none of them computes, all that was typed has been read, and while it rests nothing is
 * written. A program that reads keys while it works elsewhere cannot be told apart.
 */
export async function waitsForKeys(front: Front): Promise<Verdict> {
  const seq = front.seq();
  const first = look(front);
  if (first === "works" || first === "unknown") return first;
  await Bun.sleep(first === "alone" ? restMs : longRestMs);
  // After a pause of its own the event loop may come to this before the output that is there.
  await Bun.sleep(restMs);
  const second = look(front);
  return second === first && front.seq() === seq ? "waits" : "works";
}

function look(front: Front): Reading | "works" | "unknown" {
  if (front.pending() > 0 || front.answersComing()) return "works";
  const seen = front.seen();
  if (seen.some(({ busy }) => busy)) return "works";
  const readings = seen.map(({ reading }) => reading);
  if (readings.includes("alone")) return "alone";
  if (readings.includes("among")) return "among";
  return seen.some(({ known }) => !known) ? "unknown" : "works";
}
