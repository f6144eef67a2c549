import type Docker from "dockerode";
import type { Image } from "../../../src/contract/image.ts";
import type { RunnerBoot } from "../../../src/runner/protocol.ts";
import type * as api from "../driver.ts";
import { renderLine } from "./boot.ts";
import { chooseImage } from "./choose-image.ts";
import { checkEngine } from "./connect.ts";
import { createWorkstation } from "./create.ts";
import type { Engine } from "./engine.ts";
import { engineError, statusOf } from "./errors.ts";
import { EngineDisk, measureHomes, removeCounters } from "./homes.ts";
import { referenceOf } from "./images/names.ts";
import { ownedBy, refFromLabels } from "./labels.ts";
import { WorkstationNetwork } from "./network.ts";
import { readLines } from "./output.ts";
import { ownedSessions } from "./owned.ts";
import { Relays } from "./relays.ts";
import { removeWorkstation } from "./remove.ts";
import { checkOffered } from "./security.ts";
import { startWorkstation } from "./start.ts";
import { type CpuSample, cpuSample, type Measurement, workstationStats } from "./stats.ts";
import { watchEngine } from "./watch.ts";

export interface DockerDriverParts extends Engine {
  images: api.ImageStore;
}

/** Runs workstations as containers of a Docker engine. */
export function createDockerDriver(parts: DockerDriverParts): api.Driver {
  return new DockerDriver(parts);
}

class DockerDriver implements api.Driver {
  readonly kind = "docker";
  readonly images: api.ImageStore;
  private readonly docker: Docker;
  private readonly relays: Relays;
  private readonly disk: EngineDisk;
  private readonly network: WorkstationNetwork;
  /** Counts of homes that go on. */
  private counting = 0;
  private readonly measured = new Map<string, Measurement>();

  constructor(private readonly parts: DockerDriverParts) {
    this.images = parts.images;
    this.docker = parts.docker;
    this.relays = new Relays(parts.docker);
    this.disk = new EngineDisk(parts.docker);
    this.network = new WorkstationNetwork(parts.docker);
  }

  check(signal?: AbortSignal): Promise<api.EngineInfo> {
    return checkEngine(this.docker, signal);
  }

  async resolveImage(reference: string | undefined, signal?: AbortSignal): Promise<Image> {
    // One question instead of a list of all, in the usual case.
    const usual = await this.images.find(reference ?? referenceOf("full"), signal);
    if (usual) return usual;
    const images = await doing("list images", this.images.list(signal), signal);
    return chooseImage(images, reference);
  }

  checkRuntime(runtime: string | null, signal?: AbortSignal): Promise<void> {
    const { apparmor } = this.parts;
    const checked = checkOffered(this.docker, { runtime, apparmor });
    return doing("tell what it offers", checked, signal);
  }

  create(spec: api.WorkstationSpec, signal?: AbortSignal): Promise<api.WorkstationRef> {
    const engine = { ...this.parts, network: this.network };
    return doing("create the workstation", createWorkstation(engine, spec, signal), signal);
  }

  async start(ref: api.WorkstationRef, boot: RunnerBoot, signal?: AbortSignal): Promise<void> {
    const started = startWorkstation(this.parts, ref.handle, boot, signal);
    await doing("start the workstation", started, signal);
  }

  async stop(
    ref: api.WorkstationRef,
    options: { graceMs: number },
    signal?: AbortSignal,
  ): Promise<void> {
    this.relays.drop(ref.handle);
    const t = Math.ceil(options.graceMs / 1000);
    const stopped = this.container(ref).stop({ t, ...abortable(signal) });
    await doing("stop the workstation", stopped.catch(unless(304, 404)), signal);
  }

  async remove(
    ref: api.WorkstationRef,
    options: { home: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    this.relays.drop(ref.handle);
    this.measured.delete(ref.handle);
    const removed = removeWorkstation(this.parts, ref.session, options, signal);
    await doing("remove the workstation", removed, signal);
  }

  async inspect(
    ref: api.WorkstationRef,
    signal?: AbortSignal,
  ): Promise<api.WorkstationState | null> {
    if (ref.handle === "") return null;
    const found = this.container(ref).inspect(abortable(signal)).catch(unless(404));
    const info = await doing("inspect the workstation", found, signal);
    return info ? this.state(info) : null;
  }

  async list(signal?: AbortSignal): Promise<api.WorkstationState[]> {
    const filters = ownedBy(this.parts.instance);
    const found = this.docker.listContainers({ all: true, filters, ...abortable(signal) });
    const containers = await doing("list workstations", found, signal);
    const states = containers.map(({ Id, Labels }) => {
      const ref = refFromLabels(this.parts.instance, Id, Labels);
      return ref ? this.inspect(ref, signal) : null;
    });
    return (await Promise.all(states)).filter((state) => state !== null);
  }

  async owned(signal?: AbortSignal): Promise<string[]> {
    const counters = removeCounters(this.parts, () => this.counting > 0, signal);
    const found = Promise.all([ownedSessions(this.parts, signal), counters]);
    const [sessions] = await doing("list what it has of ours", found, signal);
    return sessions;
  }

  watch(signal: AbortSignal): AsyncIterable<api.EngineEvent> {
    return watchEngine(this.docker, this.parts.instance, signal);
  }

  async homes(signal?: AbortSignal): Promise<Map<string, number>> {
    const image = await this.resolveImage(undefined, signal);
    this.counting++;
    try {
      return await doing("measure homes", measureHomes(this.parts, image.id, signal), signal);
    } finally {
      this.counting--;
    }
  }

  diskUse(): Promise<number | null> {
    return this.disk.use();
  }

  async stats(ref: api.WorkstationRef, signal?: AbortSignal): Promise<api.WorkstationStats> {
    const before = this.measured.get(ref.handle);
    // The engine measures once a second, and makes who asks more often wait.
    if (before && Date.now() - before.cpu.atMs < 1000) return before.stats;
    const query = { stream: false, "one-shot": true, ...abortable(signal) } as const;
    const reply = await doing("measure the workstation", this.container(ref).stats(query), signal);
    const stats = workstationStats(reply, before?.cpu ?? (await this.sinceStart(ref, signal)));
    this.measured.set(ref.handle, { stats, cpu: cpuSample(reply) });
    return stats;
  }

  async *logs(
    ref: api.WorkstationRef,
    options: { tail: number; follow: boolean },
    signal?: AbortSignal,
  ): AsyncGenerator<string> {
    const query = { stdout: true, stderr: true, tail: options.tail, ...abortable(signal) };
    const container = this.container(ref);
    const doingWhat = "read the workstation's log";
    if (!options.follow) {
      const bytes = await doing(doingWhat, container.logs({ ...query, follow: false }), signal);
      for await (const line of readLines(once(bytes))) yield renderLine(line);
      return;
    }
    const stream = await doing(doingWhat, container.logs({ ...query, follow: true }), signal);
    try {
      for await (const line of readLines(stream as AsyncIterable<Uint8Array>)) {
        yield renderLine(line);
      }
    } finally {
      (stream as unknown as { destroy(): void }).destroy();
    }
  }

  async dial(
    ref: api.WorkstationRef,
    channel: api.Channel,
    signal?: AbortSignal,
  ): Promise<api.Address> {
    const port = channel === "rfb" ? ref.ports.vnc : ref.ports.cdp;
    return this.relays.address(ref, channel, port, signal);
  }

  async close(): Promise<void> {
    this.relays.close();
  }

  private container(ref: api.WorkstationRef): Docker.Container {
    return this.docker.getContainer(ref.handle);
  }

  private state({ Id, Config, State }: Docker.ContainerInspectInfo): api.WorkstationState | null {
    const ref = refFromLabels(this.parts.instance, Id, Config.Labels);
    if (!ref) return null;
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

  private async sinceStart(ref: api.WorkstationRef, signal?: AbortSignal): Promise<CpuSample> {
    const state = await this.inspect(ref, signal);
    return { usedNs: 0, atMs: Date.parse(state?.startedAt ?? "") };
  }
}

/** Awaits an operation of the engine's; its errors become ours. */
async function doing<T>(
  what: string,
  operation: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw signal?.aborted ? signal.reason : engineError(error, what);
  }
}

/** For a catch: replies of the engine's that mean "there is nothing to do". */
function unless(...statuses: number[]): (error: unknown) => null {
  return (error) => {
    if (statuses.includes(statusOf(error) ?? 0)) return null;
    throw error;
  };
}

function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The engine's time; null for its zero value. */
function time(text: string): string | null {
  return text.startsWith("0001-") ? null : new Date(text).toISOString();
}
