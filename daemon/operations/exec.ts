import { NexoraError } from "../../src/contract/errors.ts";
import type { execOperations } from "../../src/contract/exec.ts";
import type { InputOf } from "../../src/contract/operation.ts";
import type { ProcessInput } from "../../src/contract/process.ts";
import type { RunnerExecSpec } from "../../src/runner/exec.ts";
import type { Exec } from "../exec/exec.ts";
import type { HandlersOf } from "./handler.ts";

type ExecInput = InputOf<(typeof execOperations)[0]>;

export function execHandlers(commands: Exec): HandlersOf<typeof execOperations> {
  return {
    exec: {
      reply(input, { session, signal }) {
        if (input.tty) {
          throw new NexoraError("usage", "tty: a terminal needs a stream", {
            hint: "docs/http-api.md describes it",
          });
        }
        return commands.run(session.row.id, specOf(input), stdinOf(input), signal);
      },
      async stream(input, { session, source, signal }) {
        const stdin = stdinOf(input);
        const all = stdin.length === 0 ? source : behind(stdin, source);
        return commands.stream(session.row.id, specOf(input), all, signal);
      },
    },
  };
}

/** RFC 4648, section 4, with or without its padding. */
const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

function stdinOf({ stdin = "", stdinEncoding }: ExecInput): Uint8Array {
  if (stdinEncoding === "base64" && !base64.test(stdin)) {
    throw new NexoraError("usage", "stdin: it is not valid base64");
  }
  return Buffer.from(stdin, stdinEncoding);
}

function specOf({ command, cwd, env, timeoutMs, tty, detach }: ExecInput): RunnerExecSpec {
  const usual = { columns: 80, rows: 24, term: "xterm-256color" };
  return {
    command,
    detach,
    tty: tty === true ? usual : tty || null,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

/** Standard input that the request carried, and what comes after it. */
function behind(
  bytes: Uint8Array,
  source: ReadableStream<ProcessInput>,
): ReadableStream<ProcessInput> {
  const reader = source.getReader();
  return new ReadableStream<ProcessInput>({
    start: (controller) => controller.enqueue({ type: "stdin", bytes }),
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
