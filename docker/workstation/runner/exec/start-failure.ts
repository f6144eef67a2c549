import { encodeFrame, frameType } from "../../../../src/frames.ts";
import { codeOf } from "../../../../src/thrown.ts";

const reasons = new Map<unknown, string>([
  ["ENOENT", "command not found"],
  ["EAGAIN", "no more processes are allowed in this session (its limit is reached)"],
]);

/** A program that could not be started, told as a shell tells it: a message and a status. */
export class StartFailure extends Error {
  /** 127: not found; 126: found, but it cannot be executed. */
  readonly exitCode: 126 | 127;

  constructor(program: string, cause: unknown) {
    const code = codeOf(cause);
    super(`nexora: ${program}: ${reasons.get(code) ?? `cannot be executed (${code || cause})`}`);
    this.exitCode = code === "ENOENT" ? 127 : 126;
  }

  /** The message as output of the program. */
  frame(): Uint8Array {
    return encodeFrame(frameType.stderr, new TextEncoder().encode(`${this.message}\n`));
  }
}
