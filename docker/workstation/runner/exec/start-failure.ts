import { encodeFrame, frameType } from "../../../../src/frames.ts";

/** A program that could not be started, told as a shell tells it: a message and a status. */
export class StartFailure extends Error {
  /** 127: not found; 126: found, but it cannot be executed. */
  readonly exitCode: 126 | 127;

  constructor(program: string, cause: unknown) {
    const code = (cause as { code?: unknown }).code;
    const missing = code === "ENOENT";
    super(
      `nexora: ${program}: ${missing ? "command not found" : `cannot be executed (${code ?? cause})`}`,
    );
    this.exitCode = missing ? 127 : 126;
  }

  /** The message as output of the program. */
  frame(): Uint8Array {
    return encodeFrame(frameType.stderr, new TextEncoder().encode(`${this.message}\n`));
  }
}
