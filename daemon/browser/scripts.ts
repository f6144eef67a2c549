import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import type { RunItem } from "../../src/contract/chrome-scripts.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Restarted } from "../../src/contract/tab.ts";
import { plainText } from "../../src/plain-text.ts";
import type { Exec } from "../exec/exec.ts";
import type { RunnerFiles } from "../runner/files.ts";
import type { Live } from "../sessions/directory.ts";
import type { Browsers } from "./browsers.ts";
import { believedHost } from "./cdp/protocol.ts";
import { picturesIn } from "./script-pictures.ts";

export interface ScriptTask {
  file: string;
  script?: string | undefined;
  tab?: string | undefined;
  keep: boolean;
  env?: Record<string, string> | undefined;
  timeoutMs: number;
}

/** What runs scripts in the workstation (docker/workstation/playwright). */
const program = "/usr/lib/nexora/playwright/run.mjs";
const workspace = "/workspace";
/** How long cleaning up after a script may take, in milliseconds. */
const cleanupMs = 10_000;

const scriptName = /\.[cm]?[jt]s$/;

/** Runs Playwright scripts in workstations, against their visible browsers. */
export class Scripts {
  constructor(
    private readonly parts: {
      browsers: Pick<Browsers, "of">;
      exec: Pick<Exec, "run" | "stream">;
      files: Pick<RunnerFiles, "stat" | "pack">;
    },
  ) {}

  /**
   * Starts a script; resolves once it is under way. Its output is without control characters: it may be a
   * page's. Throws `usage`, `not_found`, `action_failed`.
   */
  async run(
    live: Live,
    task: ScriptTask,
    caller: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<RunItem>> {
    const { browsers, exec } = this.parts;
    const session = live.row.id;
    const file = await this.check(session, task, signal);
    const browser = await browsers.of(live, signal);
    const own = task.tab === undefined;
    const page = await (own
      ? browser.newTab("about:blank", signal)
      : browser.page(task.tab, signal));
    const close = async () => {
      // Also when the caller has gone.
      if (own && !task.keep) await browser.close(page, AbortSignal.timeout(cleanupMs));
    };
    const folder = `/tmp/nexora-run-${randomBytes(8).toString("hex")}`;
    const restarted = browser.restartFor(caller);
    const given = {
      folder,
      file,
      script: task.script ?? null,
      endpoint: `http://${believedHost}`,
      target: page.targetId,
    };
    const spec = {
      command: ["node", "--enable-source-maps", program],
      cwd: workspace,
      timeoutMs: task.timeoutMs,
      // Playwright's messages are coloured else.
      env: { NO_COLOR: "1", FORCE_COLOR: "0", ...task.env },
    };
    try {
      const output = await exec.stream(session, spec, inputOf(JSON.stringify(given)), signal);
      const facts = { tab: page.id, restarted };
      return this.items(session, { output, folder, facts, close }, signal);
    } catch (error) {
      await close().catch(() => {});
      throw error;
    }
  }

  private async *items(
    session: string,
    run: {
      output: Awaited<ReturnType<Exec["stream"]>>;
      folder: string;
      facts: { tab: string; restarted: Restarted };
      close(): Promise<void>;
    },
    signal: AbortSignal,
  ): AsyncGenerator<RunItem> {
    const { output, folder, facts, close } = run;
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    try {
      for await (const item of output) {
        if (item.type === "started") continue;
        if (item.type === "result") {
          const { exitCode, timedOut, durationMs } = item;
          yield* picturesIn(this.parts.files, session, `${folder}/pictures`, signal);
          yield { type: "result", exitCode, timedOut, durationMs, ...facts };
          return;
        }
        const text = decoders[item.type].decode(item.bytes, { stream: true });
        if (text !== "") yield { type: item.type, text: plainText(text) };
      }
    } finally {
      const cleanup = AbortSignal.timeout(cleanupMs);
      const remove = { command: ["rm", "-rf", folder] };
      const removed = this.parts.exec.run(session, remove, new Uint8Array(), cleanup);
      await Promise.allSettled([close(), removed]);
    }
  }

  /** The script's path or name. */
  private async check(session: string, task: ScriptTask, signal: AbortSignal): Promise<string> {
    const { files } = this.parts;
    if (!scriptName.test(task.file)) {
      throw new NexoraError("usage", `file: ${task.file} does not have the name of a script`, {
        hint: "its name ends in .ts, .js, .mts, .mjs, .cts or .cjs",
      });
    }
    if ((await files.stat(session, program, signal)).type !== "file") {
      throw new NexoraError("action_failed", "the session's image has no Playwright", {
        hint: "make a session of the full image: `nexora image build full`, `nexora session new`",
      });
    }
    if (task.script !== undefined) return posix.basename(task.file);
    const path = posix.resolve(workspace, task.file);
    if ((await files.stat(session, path, signal)).type === "file") return path;
    throw new NexoraError("not_found", `there is no file ${path} in the workstation`, {
      hint: "a relative path starts at /workspace",
    });
  }
}

function inputOf(text: string): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue({ type: "stdin", bytes: Buffer.from(text) });
      controller.close();
    },
  });
}
