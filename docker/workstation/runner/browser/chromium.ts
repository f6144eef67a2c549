import { readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { deadline, delay, within } from "../../../../src/abort.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerBrowser, RunnerBrowserStart } from "../../../../src/runner/browser.ts";
import { homeDirectory } from "../account.ts";
import type { ManagedWindows } from "../desktop/managed-windows.ts";
import { runProgram } from "../desktop/supervise.ts";
import type { Log } from "../log.ts";
import { readProcess } from "../proc.ts";
import { openBehind } from "./behind.ts";
import { devtoolsVersion } from "./devtools.ts";

const profile = join(homeDirectory, ".config/chromium");
const locks = ["SingletonLock", "SingletonSocket", "SingletonCookie"];
/** How long it may take until its DevTools answer, in milliseconds. */
const startMs = 20_000;
/** How long it may take to end, in milliseconds. */
const stopMs = 5_000;
/** How often one that somebody else has started is looked for, in milliseconds. */
const lookMs = 25;

/** The image's browser, which knows its flags; null when the image has none. */
export function browserCommand(env: Record<string, string>): string[] | null {
  const executable = Bun.which("chromium", { PATH: env.PATH ?? "" });
  return executable === null ? null : [executable];
}

/**
 * The session's one browser: the image's Chromium on the home's profile, whoever starts it. What makes
 * it that one, also when it is started by hand, are its flags in /etc/chromium.d.
 */
export class Chromium {
  private starting: Promise<RunnerBrowser> | null = null;
  /** The one that this runner has started last, and how it ends. */
  private last: { pid: number | null; ended: Promise<string> } | null = null;

  constructor(
    private readonly env: Record<string, string>,
    private readonly log: Log,
    /** Aborts when the workstation ends. */
    private readonly ends: AbortSignal,
  ) {}

  /** What there is now. */
  async look(signal?: AbortSignal): Promise<RunnerBrowser> {
    const installed = browserCommand(this.env) !== null;
    const running = await devtoolsVersion(signal).catch(() => null);
    return { installed, started: false, running, pid: running ? await this.pid() : null };
  }

  /**
   * Starts it unless it runs, and resolves once its DevTools answer. One that was quit is not restored.
   * Throws `action_failed` when the image has none, and when it does not come up.
   */
  async start(how: RunnerBrowserStart, signal: AbortSignal): Promise<RunnerBrowser> {
    const what = how.restore !== undefined ? "--restore-last-session" : (how.url ?? "about:blank");
    this.starting ??= this.begin(what, how.restore ?? null).finally(() => {
      this.starting = null;
    });
    return within(this.starting, signal);
  }

  /** Starts it behind all windows, unless it runs; what has the focus keeps it. */
  async startBehind(windows: ManagedWindows): Promise<void> {
    this.starting ??= this.begin("--no-startup-window", null).finally(() => {
      this.starting = null;
    });
    const { running, started } = await this.starting;
    if (running && started) await openBehind(running.path, windows, this.ends);
  }

  /**
   * Ends it as one does who quits it, and resolves once it has gone; kills it when that takes too long.
   */
  async stop(signal: AbortSignal): Promise<RunnerBrowser> {
    const patience = deadline(stopMs, signal);
    const pid = await this.pid();
    if (pid !== null) end(pid, "SIGTERM");
    while (pid !== null && readProcess(pid, "comm") !== "" && !signal.aborted) {
      if (patience.aborted) end(pid, "SIGKILL");
      await delay(lookMs, signal);
    }
    return this.look(signal);
  }

  /** Removes the lock that a browser has left that did not end by itself. */
  async unlock(): Promise<void> {
    if ((await this.pid()) !== null) return;
    await Promise.all(locks.map((name) => rm(join(profile, name), { force: true })));
  }

  /** `died`: the process that is to be followed by another one, unless it was quit. */
  private async begin(what: string, died: number | null): Promise<RunnerBrowser> {
    const late = deadline(startMs, this.ends);
    if (died !== null && died === this.last?.pid) {
      if ((await within(this.last.ended, late)) === "with status 0") return this.look(late);
    }
    const found = await this.look(late);
    if (found.running) return found;
    const command = browserCommand(this.env);
    if (!command) {
      throw new NexoraError("action_failed", "the session's image has no browser", {
        hint: "open a session with the image `full`, see `nexora image ls`",
      });
    }
    const listening = Promise.withResolvers<void>();
    const program = {
      name: "chromium",
      command: [...command, what],
      env: this.env,
      cwd: homeDirectory,
    };
    const ended = runProgram(program, this.log, this.ends, (line) => {
      if (line.startsWith("DevTools listening on ")) listening.resolve();
    });
    void ended.then((ending) => this.log.line("runner", `chromium ended ${ending}`));
    const ending = await within(Promise.race([listening.promise, ended]), late);
    // One that ends at once has handed over to one that runs already.
    const running = ending === undefined ? await devtoolsVersion(late) : await this.appears(late);
    if (!running) throw notComingUp(ending ?? "");
    const pid = await this.pid();
    this.last = { pid, ended };
    return { installed: true, started: true, running, pid };
  }

  /** The DevTools of a browser that somebody else is starting; null when nobody is. */
  private async appears(signal: AbortSignal): Promise<RunnerBrowser["running"]> {
    while (!signal.aborted) {
      const running = await devtoolsVersion(signal).catch(() => null);
      if (running || (await this.pid()) === null) return running;
      await delay(lookMs, signal);
    }
    return null;
  }

  /** The process that has the profile: Chromium's lock is a link to `HOST-PID`. */
  private async pid(): Promise<number | null> {
    const target = await readlink(join(profile, "SingletonLock")).catch(() => "");
    const pid = Number(/-(\d+)$/.exec(target)?.[1]);
    return pid > 0 && readProcess(pid, "comm").startsWith("chrom") ? pid : null;
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

function notComingUp(ending: string): NexoraError {
  return new NexoraError("action_failed", `the browser did not come up: it ended ${ending}`, {
    hint: "see `nexora session logs`",
  });
}
