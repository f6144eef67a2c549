import type { ContainerStats } from "dockerode";
import type { WorkstationStats } from "../driver.ts";

/** A reading and the CPU time that it is based on. */
export interface Measurement {
  stats: WorkstationStats;
  cpu: CpuSample;
}

/** CPU time that a container had used at a moment. */
export interface CpuSample {
  usedNs: number;
  atMs: number;
}

/** The part of the engine's reply that is about CPU time. */
export function cpuSample(stats: ContainerStats): CpuSample {
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
