import { readFileSync } from "node:fs";
import { run } from "../bench/run.ts";

const units: Record<string, number> = { B: 1 / 1024 ** 2, KiB: 1 / 1024, MiB: 1, GiB: 1024 };

/** Resident memory of a process, in MiB. */
export async function daemonMiB(pid: number): Promise<number> {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** Mean memory of an instance's containers without their page cache, in MiB, as docker stats has it. */
export async function containerMiB(instance: string, signal: AbortSignal): Promise<number> {
  const filter = `label=nexora.instance=${instance}`;
  const ids = (await run(["docker", "ps", "-q", "--filter", filter], { signal }))
    .trim()
    .split("\n");
  const command = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", ...ids];
  const used = (await run(command, { signal }))
    .trim()
    .split("\n")
    .map((line) => {
      const [, amount, unit] = /^([\d.]+)([A-Za-z]+)/.exec(line) ?? [];
      return Number(amount) * (units[unit ?? ""] ?? 0);
    });
  return used.reduce((sum, each) => sum + each, 0) / used.length;
}
