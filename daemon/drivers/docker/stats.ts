import type { Container, ContainerStats } from "dockerode";
import type { WorkstationStats } from "../driver.ts";
import { abortable, doing } from "./calls.ts";

/** A reading and the CPU time that it is based on. */
interface Measurement {
  stats: WorkstationStats;
  cpu: CpuSample;
}

/** What workstations use, as the engine measures it. */
export class Usage {
  private readonly measured = new Map<string, Measurement>();

  /** Throws as the engine does. */
  async of(session: string, container: Container, signal?: AbortSignal): Promise<WorkstationStats> {
    const before = this.measured.get(session);
    // The engine measures once a second, and makes who asks more often wait.
    if (before && Date.now() - before.cpu.atMs < 1000) return before.stats;
    const query = { stream: false, "one-shot": true, ...abortable(signal) } as const;
    const reply = await doing("measure the workstation", container.stats(query), signal);
    const stats = workstationStats(reply, before?.cpu ?? (await sinceStart(container, signal)));
    this.measured.set(session, { stats, cpu: cpuSample(reply) });
    return stats;
  }

  forget(session: string): void {
    this.measured.delete(session);
  }
}

async function sinceStart(container: Container, signal?: AbortSignal): Promise<CpuSample> {
  const found = container.inspect(abortable(signal));
  const { State } = await doing("inspect the workstation", found, signal);
  return { usedNs: 0, atMs: Date.parse(State.StartedAt) };
}

/** CPU time that a container had used at a moment. */
interface CpuSample {
  usedNs: number;
  atMs: number;
}

/** The part of the engine's reply that is about CPU time. */
function cpuSample(stats: ContainerStats): CpuSample {
  return { usedNs: stats.cpu_stats.cpu_usage.total_usage, atMs: Date.parse(stats.read) };
}

/**
 * What a workstation uses. Memory without the page cache that the kernel can drop at once, as
 * `docker stats` counts it (cgroup v1 and v2 name that differently). CPU since `before`, in
 * percent of one CPU.
 */
export function workstationStats(stats: ContainerStats, before: CpuSample): WorkstationStats {
  const { usage = 0, stats: detail } = stats.memory_stats;
  const now = cpuSample(stats);
  const elapsedNs = (now.atMs - before.atMs) * 1e6;
  const { total_inactive_file, inactive_file } = (detail ?? {}) as {
    total_inactive_file?: number;
    inactive_file?: number;
  };
  return {
    memoryBytes: Math.max(0, usage - (total_inactive_file ?? inactive_file ?? 0)),
    cpuPercent: elapsedNs > 0 ? Math.max(0, ((now.usedNs - before.usedNs) / elapsedNs) * 100) : 0,
    pids: stats.pids_stats?.current ?? 0,
  };
}
