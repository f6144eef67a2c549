import type { ContainerCreateOptions, HostConfig, MountSettings } from "dockerode";
import { rfbPort, runnerPort } from "../../../src/runner/protocol.ts";
import type { WorkstationSpec } from "../driver.ts";
import type { PortPair } from "./engine.ts";
import { containerLabels, objectName, ownerLabels } from "./labels.ts";
import { networkName } from "./network.ts";
import type { Confinement } from "./security.ts";

const MiB = 1024 * 1024;

export interface ContainerPlan extends Confinement {
  instance: string;
  spec: WorkstationSpec;
  ports: PortPair;
  /** Folder of the host to bind at /workspace; null: a volume. */
  bind: string | null;
  /** It joins its network once it runs (network.ts). */
  joins: boolean;
  /** Its processes are the host's kernel's own, and find in /proc what that tells. */
  sharesKernel: boolean;
}

/** The container of a workstation: never root, nothing to gain, limits on all. */
export function containerOptions(plan: ContainerPlan): ContainerCreateOptions {
  const { spec, ports, instance } = plan;
  return {
    name: objectName(instance, spec.session),
    Image: spec.image,
    Hostname: spec.name,
    User: `${spec.uid}:${spec.gid}`,
    Labels: containerLabels(instance, spec, ports),
    // Secrets go through standard input, because arguments and environment show in `docker inspect`.
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    // To take the port over from the first process, the runner needs such a /proc.
    ...(plan.sharesKernel ? {} : { Env: ["NEXORA_PORT=runner"] }),
    ...(spec.network === "full"
      ? { ExposedPorts: { [`${rfbPort}/tcp`]: {}, [`${runnerPort}/tcp`]: {} } }
      : {}),
    HostConfig: hostConfig(plan),
  };
}

function hostConfig(plan: ContainerPlan): HostConfig {
  const { limits, network, runtime } = plan.spec;
  const { ports, joins } = plan;
  return {
    ...isolation(plan),
    Mounts: mounts(plan),
    // All three count as the container's memory. Together they stay below its limit, so that who
    // fills them is told so (ENOSPC), and the workstation lives.
    Tmpfs: {
      // Compilers and test runners execute what they write to /tmp; nothing executes from /run.
      "/tmp": `rw,exec,nosuid,nodev,mode=1777,size=${Math.floor(limits.memoryBytes / 2)}`,
      "/run": `rw,noexec,nosuid,nodev,mode=1777,size=${share(limits.memoryBytes / 16, 64)}`,
    },
    // Chromium keeps its renderers' pictures there.
    ShmSize: share(limits.memoryBytes / 8, 512),
    Memory: limits.memoryBytes,
    MemorySwap: limits.memoryBytes,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.pids,
    // Under pressure a workstation ends before the host's own services do.
    OomScoreAdj: 200,
    Ulimits: [
      { Name: "nofile", Soft: 16384, Hard: 16384 },
      { Name: "core", Soft: 0, Hard: 0 },
    ],
    NetworkMode: network === "none" || joins ? "none" : networkName,
    PortBindings:
      network === "none"
        ? {}
        : {
            [`${rfbPort}/tcp`]: [loopback(ports.vnc)],
            [`${runnerPort}/tcp`]: [loopback(ports.cdp)],
          },
    RestartPolicy: { Name: "no" },
    ...(runtime === null ? {} : { Runtime: runtime }),
    Init: false,
    LogConfig: { Type: "json-file", Config: { "max-size": "5m", "max-file": "2" } },
  };
}

/**
 * `dev` has a writable root and the capabilities that sudo and a package manager use;
 * `hardened` has neither, and no process of it can gain a privilege.
 */
function isolation({ spec, seccomp, apparmor }: ContainerPlan): HostConfig {
  const hardened = spec.profile === "hardened";
  return {
    Privileged: false,
    IpcMode: "private",
    ReadonlyRootfs: hardened,
    CapDrop: ["ALL"],
    CapAdd: hardened
      ? []
      : ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID"],
    SecurityOpt: [
      ...(hardened ? ["no-new-privileges:true"] : []),
      `seccomp=${seccomp}`,
      ...(apparmor === undefined ? [] : [`apparmor=${apparmor}`]),
    ],
  };
}

function mounts({ instance, spec, bind }: ContainerPlan): MountSettings[] {
  const prefix = objectName(instance, spec.session);
  const volume = (Target: string, kind: string): MountSettings => ({
    Type: "volume",
    Target,
    Source: `${prefix}-${kind}`,
    VolumeOptions: {
      NoCopy: false,
      Labels: ownerLabels(instance, spec.session),
      DriverConfig: { Name: "local", Options: {} },
    },
  });
  const workspace: MountSettings =
    bind === null
      ? volume("/workspace", "workspace")
      : {
          Type: "bind",
          Target: "/workspace",
          Source: bind,
          BindOptions: { Propagation: "rprivate" },
        };
  return [volume("/home", "home"), workspace];
}

/** Whole bytes, at most so many MiB. */
function share(bytes: number, mostMiB: number): number {
  return Math.floor(Math.min(bytes, mostMiB * MiB));
}

function loopback(port: number) {
  return { HostIp: "127.0.0.1", HostPort: String(port) };
}
