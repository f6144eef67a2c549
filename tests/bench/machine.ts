import { cpus, release, totalmem } from "node:os";
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
  };
}

export function renderMachine(machine: Machine): string {
  const { cpu, cores, memoryGiB, kernel, docker, bun, nexora } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB · Linux ${kernel} · Docker ${docker} · Bun ${bun} · Nexora ${nexora}`;
}
