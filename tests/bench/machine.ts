import { cpus, loadavg, release, totalmem } from "node:os";
import { version } from "../../src/version.ts";
import { run } from "./run.ts";

/** What the numbers were measured on. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  docker: string;
  bun: string;
  nexora: string;
  /** Runnable processes, as an average of the last minute: what else the machine was doing. */
  load: number;
}

export async function describeMachine(signal: AbortSignal): Promise<Machine> {
  const docker = await run(["docker", "version", "--format", "{{.Server.Version}}"], { signal });
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() || "unknown",
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    docker: docker.trim(),
    bun: Bun.version,
    nexora: version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

export function renderMachine(machine: Machine): string {
  const { cpu, cores, memoryGiB, kernel, docker, bun, nexora, load } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB · Linux ${kernel} · Docker ${docker} · Bun ${bun} · Nexora ${nexora} · load ${load} before`;
}
