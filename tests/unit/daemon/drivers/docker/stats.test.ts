import { expect, test } from "bun:test";
import type { ContainerStats } from "dockerode";
import { workstationStats } from "../../../../../daemon/drivers/docker/stats.ts";

function reply(memory: object, usedNs: number): ContainerStats {
  return {
    read: "2026-01-01T00:00:02.000Z",
    cpu_stats: { cpu_usage: { total_usage: usedNs } },
    memory_stats: memory,
    pids_stats: { current: 7 },
  } as unknown as ContainerStats;
}
const oneSecondBefore = { usedNs: 1e9, atMs: Date.parse("2026-01-01T00:00:01.000Z") };

test("CPU is the share of one CPU since the sample before", () => {
  const stats = workstationStats(reply({ usage: 0 }, 2.5e9), oneSecondBefore);
  expect(stats.cpuPercent).toBeCloseTo(150);
  expect(stats.pids).toBe(7);
});

test("memory leaves out the cache that can go at once, in both versions of cgroups", () => {
  const memory = (detail: object) =>
    workstationStats(reply({ usage: 100, stats: detail }, 0), oneSecondBefore).memoryBytes;
  expect(memory({ total_inactive_file: 30, inactive_file: 10 })).toBe(70);
  expect(memory({ inactive_file: 10 })).toBe(90);
});

test("a workstation that does not run uses nothing", () => {
  const stopped = { ...reply({}, 0), read: "0001-01-01T00:00:00Z", pids_stats: {} };
  expect(workstationStats(stopped as ContainerStats, oneSecondBefore)).toEqual({
    memoryBytes: 0,
    cpuPercent: 0,
    pids: 0,
  });
});
