import type { Output } from "./output/output.ts";

/** How long work may take before a person is told what goes on, in milliseconds. */
const patienceMs = 1_000;

/** Does the work, and says what it is when it takes more than a second. */
export async function noteWhenSlow<T>(
  output: Output,
  message: string,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => void output.note(message), patienceMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
