import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { delay } from "../../src/abort.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { TestDaemon } from "../support/daemon.ts";
import { EngineProxy } from "../support/engine-proxy.ts";
import { sweep } from "../support/sweep.ts";
import type { Step } from "./plan.ts";
import { verdictOf } from "./verdict.ts";

export interface ChaosOptions {
  steps: readonly Step[];
  /** Socket of the engine, and a client that goes straight to it. */
  engine: {
    socket: string;
    docker: Docker;
    /** What to put before a command, so that it reaches published ports. */
    enter: readonly string[];
    restart?: () => Promise<void>;
  };
  log: (line: string) => void;
  /** Ends the steps early; what they left is looked at all the same. */
  signal: AbortSignal;
}

export interface ChaosResult {
  /** How each action went, by outcome. */
  outcomes: Map<string, number>;
  /** What is wrong afterwards, in words; empty is well. */
  wrong: string[];
}

/** Takes the steps on a daemon of its own, and looks at what is left. */
export async function chaos({ steps, engine, log, signal }: ChaosOptions): Promise<ChaosResult> {
  const home = mkdtempSync(join(tmpdir(), "nexora-chaos-"));
  await using proxy = await EngineProxy.open(engine.socket);
  const start = () => TestDaemon.start(home, { DOCKER_HOST: proxy.url }, engine.enter);
  const daemon = await start();
  const { instance } = daemon;
  const run = new Run(instance, proxy, engine, start, daemon);
  try {
    const started = performance.now();
    for (const step of steps) {
      await delay(Math.max(0, started + step.atMs - performance.now()), signal);
      if (signal.aborted) break;
      log(`${Math.round(step.atMs)} ms: ${step.action} ${step.session}`);
      await run.take(step);
    }
    await run.finish();
    log("the dust settles");
    const { docker } = engine;
    const verdict = await verdictOf({ home, start, docker, lived: run.lived });
    const wrong = [...run.wrong, ...verdict];
    if (wrong.length === 0) rmSync(home, { recursive: true, force: true });
    else wrong.push(`see ${join(home, "daemon.log")}`);
    return { outcomes: run.outcomes, wrong };
  } finally {
    await run.close();
    if (existsSync(home)) await sweep({ home, instance }, engine.docker);
  }
}

/** Actions of callers that go on at once, at most. */
const maxCallers = 12;
/** How long a caller waits for an answer, in milliseconds. */
const patienceMs = 30_000;

class Run {
  readonly outcomes = new Map<string, number>();
  readonly wrong: string[] = [];
  /** Sessions that were ready and marked, and that nobody has asked to remove. */
  readonly lived = new Map<string, string>();
  /** The one that runs, or that is about to. */
  private daemon: Promise<TestDaemon>;
  private readonly callers = new Set<Promise<void>>();
  private disturbance: Promise<void> = Promise.resolve();
  private marks = 0;
  /** A session that was opened while one was removed may be the one: it proves nothing. */
  private removals = 0;

  constructor(
    private readonly instance: string,
    private readonly proxy: EngineProxy,
    private readonly engine: ChaosOptions["engine"],
    private readonly start: () => Promise<TestDaemon>,
    daemon: TestDaemon,
  ) {
    this.daemon = Promise.resolve(daemon);
  }

  /** Disturbances come one after the other; what callers do goes on at the same time. */
  async take(step: Step): Promise<void> {
    const { action, session, forMs } = step;
    switch (action) {
      case "killDaemon":
        return this.disturb(action, () => this.killDaemon());
      case "cutEngine":
        return this.disturb(action, () => this.cut(() => Bun.sleep(forMs)));
      case "restartEngine":
        return this.disturb(action, () => this.cut(async () => this.engine.restart?.()));
      case "killContainer":
        return this.disturb(action, () => this.strike(forMs, (it) => it.kill()));
      case "pauseContainer":
        return this.disturb(action, () =>
          this.strike(forMs, async (it) => {
            await it.pause();
            await Bun.sleep(forMs);
            await it.unpause();
          }),
        );
      default:
        if (this.callers.size >= maxCallers) await Promise.race(this.callers);
        return this.call(action, () => this.verb(action, session));
    }
  }

  /** Waits for all that goes on; the last daemon is gone then. */
  async finish(): Promise<void> {
    await this.disturbance;
    await Promise.all(this.callers);
    await (await this.daemon).end();
  }

  /** Ends the daemon, whatever state all is in. */
  async close(): Promise<void> {
    const daemon = await this.daemon.catch(() => null);
    await daemon?.end("SIGKILL");
  }

  private async verb(action: Step["action"], name: string): Promise<void> {
    const daemon = await this.daemon;
    const path = `/v1/sessions/${name}`;
    if (action === "new") {
      const { removals } = this;
      await daemon.newSession({ name, workspace: null, memoryBytes: 512 * 1024 ** 2 });
      const mark = `mark ${++this.marks}`;
      const body = { command: [`printf '${mark}' > ~/mark && sync ~/mark`] };
      await daemon.call("POST", `${path}/exec`, body);
      if (removals === this.removals) this.lived.set(name, mark);
    } else if (action === "rm") {
      this.removals++;
      this.lived.delete(name);
      await daemon.call("DELETE", path);
    } else if (action === "exec") {
      await daemon.call("POST", `${path}/exec`, { command: ["sleep 0.2; echo"] });
    } else if (action === "screen") {
      await daemon.call("GET", `${path}/screen`);
    } else {
      await daemon.call("POST", `${path}/${action}`);
    }
  }

  private call(action: string, verb: () => Promise<void>): void {
    const running = Promise.race([verb(), giveUp()]).then(
      () => this.count(action, "ok"),
      (error) => {
        // A daemon that was killed does not answer; what it says itself must make sense.
        const known = error instanceof NexoraError ? error.code : "no answer";
        this.count(action, known);
        if (known === "unexpected") this.wrong.push(`${action}: ${error.message}`);
      },
    );
    this.callers.add(running);
    void running.finally(() => this.callers.delete(running));
  }

  private disturb(action: string, disturbance: () => Promise<void>): void {
    this.disturbance = this.disturbance.then(disturbance).then(
      () => this.count(action, "ok"),
      (error) => void this.wrong.push(`${action} itself failed: ${error.message}`),
    );
  }

  private async killDaemon(): Promise<void> {
    await (await this.daemon).end("SIGKILL");
    this.daemon = this.start();
    await this.daemon;
  }

  private async cut(meanwhile: () => Promise<void>): Promise<void> {
    await this.proxy.cut();
    await meanwhile();
    await this.proxy.restore();
  }

  /** Any container of ours; which one follows from a number. */
  private async strike(
    number: number,
    action: (container: Docker.Container) => Promise<unknown>,
  ): Promise<void> {
    const filters = {
      label: [`nexora.instance=${this.instance}`],
      status: ["running"],
    };
    const { docker } = this.engine;
    const found = await docker.listContainers({ filters });
    const target = found[Math.floor(number) % Math.max(1, found.length)];
    // It may have ended by itself meanwhile.
    if (target) await action(docker.getContainer(target.Id)).catch(() => {});
  }

  private count(action: string, outcome: string): void {
    const key = `${action}: ${outcome}`;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + 1);
  }
}

async function giveUp(): Promise<never> {
  await Bun.sleep(patienceMs);
  throw new NexoraError("timeout", "the caller gave up");
}
