import type { Context } from "./context.ts";

/** Shows how far a build is. */
export interface BuildProgress {
  step(text: string): Promise<void>;
  log(text: string): Promise<void>;
  done(text: string): void;
  failed(text: string): void;
}

/** A spinner for a person, plain lines on stderr elsewhere. */
export async function buildProgress(context: Context): Promise<BuildProgress> {
  const { output, streams, invocation } = context;
  if (output.audience === "person" && streams.stderr.isTerminal && !invocation.globals.quiet) {
    return spinning();
  }
  return {
    step: (text) => output.note(text),
    log: (text) => output.note(`  ${text}`),
    done: (text) => void output.note(text),
    failed: () => {},
  };
}

async function spinning(): Promise<BuildProgress> {
  const { spinner } = await import("@clack/prompts");
  const spin = spinner({ indicator: "timer", output: process.stderr });
  let step = "building the image";
  spin.start(step);
  // The spinner takes the keyboard and ends the process with 0 on ctrl+c; an interrupt must come
  // as a signal, abort the build and exit with 130.
  process.stdin.setRawMode?.(false);
  return {
    async step(text) {
      step = short(text);
      spin.message(step);
    },
    async log(text) {
      spin.message(short(`${step} · ${text}`));
    },
    done: (text) => spin.stop(text),
    failed: (text) => spin.error(text),
  };
}

/** What fits on one line beside the spinner and its timer. */
function short(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, Math.max(20, (process.stderr.columns ?? 80) - 16));
}
