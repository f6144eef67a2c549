import type Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { RunnerBoot } from "../../../src/runner/boot.ts";
import type { Address } from "../../address.ts";
import type * as api from "../driver.ts";
import { abortable, doing, toTheEnd, unless } from "./calls.ts";
import { checkEngine, type EngineFacts, engineFacts } from "./connect.ts";
import type { ContainerPlan } from "./container.ts";
import { createWorkstation, moveToOtherPorts } from "./create.ts";
import type { Engine } from "./engine.ts";
import { DockerHomes } from "./homes.ts";
import { type Reach, reachFromLabels, refFromLabels, refOf } from "./labels.ts";
import { workstationLog } from "./log.ts";
import { MemoryKills } from "./memory-kills.ts";
import { WorkstationNetwork } from "./network.ts";
import { ComingUp, ownedSessions, settlePorts } from "./owned.ts";
import { hostname, Relays } from "./relays.ts";
import { removeWorkstation } from "./remove.ts";
import { checkOffered } from "./security.ts";
import { startWorkstation } from "./start.ts";
import { Usage } from "./stats.ts";
import { watchEngine } from "./watch.ts";

export interface DockerDriverParts extends Engine {
  images: api.ImageStore;
}

/** Runs workstations as containers of a Docker engine. */
export function createDockerDriver(parts: DockerDriverParts): api.Driver {
  return new DockerDriver(parts);
}

/** How often other ports are tried when a stranger has taken the allocated ones. */
const maxPortTries = 5;

/** Of a container that SIGKILL has ended. */
const killedCode = 128 + 9;

class DockerDriver implements api.Driver {
  readonly kind = "Docker";
  readonly images: api.ImageStore;
  readonly workspaces: api.WorkspacePlanner;
  readonly homes: DockerHomes;
  private readonly docker: Docker;
  private readonly relays: Relays;
  private readonly network: WorkstationNetwork;
  private readonly comingUp = new ComingUp();
  /** What containers that have not started yet were made from, by session. */
  private readonly plans = new Map<string, ContainerPlan>();
  /** How containers are reached, by session; it never changes while they run. */
  private readonly reaches = new Map<string, Reach>();
  private readonly usage = new Usage();
  private readonly memoryKills = new MemoryKills();
  /** Asked for once, until `watch` loses or finds the engine: it may be another one then. */
  private facts: Promise<EngineFacts> | null = null;

  constructor(private readonly parts: DockerDriverParts) {
    this.images = parts.images;
    this.workspaces = parts.workspaces;
    this.docker = parts.docker;
    this.relays = new Relays(parts.docker);
    this.network = new WorkstationNetwork(parts.docker);
    this.homes = new DockerHomes(parts);
  }

  check(signal?: AbortSignal): Promise<api.EngineInfo> {
    return checkEngine(this.docker, signal);
  }

  async identity(signal?: AbortSignal): Promise<string> {
    return (await this.known(signal)).id;
  }

  private known(signal?: AbortSignal): Promise<EngineFacts> {
    this.facts ??= engineFacts(this.docker).catch((error) => {
      this.facts = null;
      throw error;
    });
    return doing("tell its id", this.facts, signal);
  }

  checkRuntime(runtime: string | null, signal?: AbortSignal): Promise<void> {
    const { apparmor } = this.parts;
    const checked = checkOffered(this.docker, { runtime, apparmor });
    return doing("tell what it offers", checked, signal);
  }

  async create(spec: api.WorkstationSpec, signal?: AbortSignal): Promise<api.WorkstationRef> {
    const { session } = spec;
    this.comingUp.begin(session);
    try {
      const { defaultRuntime } = await this.known(signal);
      const engine = { ...this.parts, network: this.network, defaultRuntime };
      const created = createWorkstation(engine, spec, signal);
      this.made(await toTheEnd("create the workstation", created, signal));
    } catch (error) {
      this.comingUp.end(session);
      throw error;
    }
    return refOf(this.parts.instance, session);
  }

  /** On other ports when a stranger has taken the allocated ones meanwhile. */
  async start(ref: api.WorkstationRef, boot: RunnerBoot, signal?: AbortSignal): Promise<void> {
    const { session } = ref;
    const avoid: number[] = [];
    try {
      for (;;) {
        const plan = this.plans.get(session);
        try {
          return await this.startOnce(ref, boot, signal);
        } catch (error) {
          this.forget(session);
          const taken = error instanceof NexoraError && error.details?.port !== undefined;
          if (!taken || !plan || avoid.length >= maxPortTries * 2) throw error;
          avoid.push(plan.ports.vnc, plan.ports.cdp);
          const moved = moveToOtherPorts(this.parts, plan, avoid);
          this.made(await toTheEnd("create the workstation", moved, signal));
        }
      }
    } finally {
      this.plans.delete(session);
      this.comingUp.end(session);
    }
  }

  private async startOnce(
    ref: api.WorkstationRef,
    boot: RunnerBoot,
    signal?: AbortSignal,
  ): Promise<void> {
    const { network, ports } = await this.reach(ref, signal);
    if (network === "none") {
      await this.relays.open(ref, "rfb", ports.vnc);
      await this.relays.open(ref, "runner", ports.cdp);
    }
    const plan = this.plans.get(ref.session);
    const engine = { ...this.parts, network: this.network };
    const started = startWorkstation(engine, this.container(ref), plan, boot, signal);
    await toTheEnd("start the workstation", started, signal);
  }

  private made(plan: ContainerPlan): void {
    const { session, network } = plan.spec;
    this.memoryKills.forget(session);
    this.plans.set(session, plan);
    this.reaches.set(session, { network, ports: plan.ports });
  }

  async stop(
    ref: api.WorkstationRef,
    options: { graceMs: number },
    signal?: AbortSignal,
  ): Promise<void> {
    this.forget(ref.session);
    const t = Math.ceil(options.graceMs / 1000);
    const stopped = this.container(ref).stop({ t, ...abortable(signal) });
    await doing("stop the workstation", stopped.catch(unless(304, 404)), signal);
    this.parts.faults("stop:stopped");
    await this.parts.ports.release(ref.session);
    this.parts.faults("stop:ports");
  }

  async remove(
    ref: api.WorkstationRef,
    options: { home: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    this.forget(ref.session);
    this.memoryKills.forget(ref.session);
    const removed = removeWorkstation(this.parts, ref.session, options, signal);
    await doing("remove the workstation", removed, signal);
  }

  async inspect(
    ref: api.WorkstationRef,
    signal?: AbortSignal,
  ): Promise<api.WorkstationState | null> {
    const found = this.container(ref).inspect(abortable(signal)).catch(unless(404));
    const info = await doing("inspect the workstation", found, signal);
    const state = info ? this.state(info) : null;
    if (state?.exitCode !== killedCode || state.oomKilled || !state.finishedAt) return state;
    const endedAt = Date.parse(state.finishedAt);
    return { ...state, oomKilled: await this.memoryKills.by(state.session, endedAt) };
  }

  async owned(signal?: AbortSignal): Promise<string[]> {
    const { id } = await this.known(signal);
    const found = Promise.all([
      ownedSessions(this.parts, signal),
      this.homes.removeCounters(signal),
      settlePorts(this.parts, this.comingUp, id, signal),
    ]);
    const [sessions] = await doing("list what it has of ours", found, signal);
    return sessions;
  }

  async *watch(signal: AbortSignal): AsyncGenerator<api.EngineEvent> {
    const { instance } = this.parts;
    try {
      for await (const event of watchEngine(this.docker, instance, this.memoryKills, signal)) {
        if (event.type === "watching") this.facts = null;
        yield event;
      }
    } finally {
      this.facts = null;
    }
  }

  stats(ref: api.WorkstationRef, signal?: AbortSignal): Promise<api.WorkstationStats> {
    return this.usage.of(ref.session, this.container(ref), signal);
  }

  logs(
    ref: api.WorkstationRef,
    options: { tail: number; follow: boolean },
    signal?: AbortSignal,
  ): AsyncGenerator<string> {
    return workstationLog(this.container(ref), options, signal);
  }

  async dial(
    ref: api.WorkstationRef,
    channel: api.Channel,
    signal?: AbortSignal,
  ): Promise<Address> {
    const { network, ports } = await this.reach(ref, signal);
    const port = channel === "rfb" ? ports.vnc : ports.cdp;
    // A new daemon listens again for what it has found running.
    if (network === "none") await this.relays.open(ref, channel, port);
    return { hostname, port };
  }

  async endpoints(ref: api.WorkstationRef, signal?: AbortSignal): Promise<api.Endpoints> {
    return (await this.reach(ref, signal)).ports;
  }

  async close(): Promise<void> {
    this.relays.close();
    await this.homes.close();
  }

  private async reach(ref: api.WorkstationRef, signal?: AbortSignal): Promise<Reach> {
    const known = this.reaches.get(ref.session);
    if (known) return known;
    await this.inspect(ref, signal);
    const found = this.reaches.get(ref.session);
    if (found) return found;
    throw new NexoraError("engine_failed", "the workstation is gone from the engine", {
      hint: "see `nexora session show`",
    });
  }

  /** What was known of a session's container, and who listens for it. */
  private forget(session: string): void {
    this.relays.drop(session);
    this.reaches.delete(session);
    this.usage.forget(session);
  }

  private container(ref: api.WorkstationRef): Docker.Container {
    return this.docker.getContainer(ref.handle || refOf(this.parts.instance, ref.session).handle);
  }

  private state({ Config, State }: Docker.ContainerInspectInfo): api.WorkstationState | null {
    const ref = refFromLabels(this.parts.instance, Config.Labels);
    if (!ref) return null;
    this.reaches.set(ref.session, reachFromLabels(Config.Labels));
    const ended = !State.Running && State.Status !== "created";
    return {
      session: ref.session,
      ref,
      running: State.Running,
      paused: State.Paused,
      exitCode: ended ? State.ExitCode : null,
      oomKilled: State.OOMKilled,
      startedAt: time(State.StartedAt),
      finishedAt: ended ? time(State.FinishedAt) : null,
    };
  }
}

/** The engine's time; null for its zero value. */
function time(text: string): string | null {
  return text.startsWith("0001-") ? null : new Date(text).toISOString();
}
