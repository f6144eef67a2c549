import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import type { Exec } from "../../exec/exec.ts";
import type { RunTesseract } from "./tesseract.ts";

/** Longest that one picture may take, in milliseconds. */
const longestMs = 60_000;
/** How long it may take to tell whether there is one. */
const lookMs = 5_000;
const path = "/usr/bin/tesseract";
const nothing = new Uint8Array(0);

/** The tesseract of a session's own image: quicker than ours, and its work counts as the session's. */
export class TesseractInside {
  constructor(private readonly exec: Pick<Exec, "run">) {}

  async isThere(session: string, signal: AbortSignal): Promise<boolean> {
    const command = ["test", "-x", path];
    const spec = { command, detach: false, tty: null, timeoutMs: lookMs };
    return (await this.exec.run(session, spec, nothing, signal)).exitCode === 0;
  }

  /** What runs it in a session. Its output is a stranger's. */
  run(session: string, mode: number): RunTesseract {
    return async (pgm, signal) => {
      const command = [path, "stdin", "stdout", "--psm", String(mode), "-l", "eng", "tsv"];
      const spec = {
        command: ["nice", ...command],
        // With several threads a picture takes longer, as they wait for each other.
        env: { OMP_THREAD_LIMIT: "1" },
        detach: false,
        tty: null,
        timeoutMs: longestMs,
      };
      const result = await this.exec.run(session, spec, pgm, signal);
      if (result.exitCode === 0) return result.stdout;
      const [complaint = ""] = result.stderr.trim().split("\n");
      const why = result.timedOut
        ? `it took more than ${longestMs / 1000} s`
        : plainLine(complaint) || `it ended with ${result.signal ?? result.exitCode}`;
      throw new NexoraError("action_failed", `the workstation's tesseract failed: ${why}`, {
        hint: "it takes up to 300 MB: does the session have that much memory left?",
      });
    };
  }
}
