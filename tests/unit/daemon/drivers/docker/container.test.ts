import { expect, test } from "bun:test";
import { containerOptions } from "../../../../../daemon/drivers/docker/container.ts";
import type { WorkstationSpec } from "../../../../../daemon/drivers/driver.ts";

const spec: WorkstationSpec = {
  session: "s_one",
  name: "shop",
  image: "nexora-workstation:base",
  workspaceIdentity: null,
  workspace: "/home/ann/shop",
  uid: 1001,
  gid: 100,
  profile: "hardened",
  network: "full",
  runtime: null,
  limits: { cpus: 1.5, memoryBytes: 2 ** 30, pids: 300 },
};

const ports = { vnc: 5901, cdp: 9223 };

function options(
  changes: Partial<WorkstationSpec> = {},
  { bind = "/home/ann/shop", joins = false }: { bind?: string | null; joins?: boolean } = {},
) {
  const plan = { instance: "abcdefghij", spec: { ...spec, ...changes }, ports, seccomp: "{}" };
  return containerOptions({ ...plan, bind, joins, sharesKernel: true });
}

/** Bytes that mount options allow; a unit would not be a number. */
function sizeIn(mountOptions: string): string {
  return /(?:^|,)size=(\d+)$/.exec(mountOptions)?.[1] ?? "";
}

test("a hardened workstation can gain no privilege and write no root file system", () => {
  const { User, HostConfig: host } = options();
  expect(User).toBe("1001:100");
  expect(host).toMatchObject({
    Privileged: false,
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    CapAdd: [],
    SecurityOpt: ["no-new-privileges:true", "seccomp={}"],
    IpcMode: "private",
    RestartPolicy: { Name: "no" },
  });
});

test("the dev profile has a writable root and what sudo needs, and keeps the seccomp profile", () => {
  const { HostConfig: host } = options({ profile: "dev" });
  expect(host?.ReadonlyRootfs).toBe(false);
  expect(host?.Privileged).toBe(false);
  expect(host?.CapAdd).toContain("SETUID");
  expect(host?.CapAdd).not.toContain("SYS_ADMIN");
  expect(host?.SecurityOpt).toEqual(["seccomp={}"]);
});

test("limits are the engine's units, and swap adds nothing to memory", () => {
  expect(options().HostConfig).toMatchObject({
    Memory: 2 ** 30,
    MemorySwap: 2 ** 30,
    NanoCpus: 1.5e9,
    PidsLimit: 300,
  });
});

test("what is in memory stays below the memory limit, whatever that is", () => {
  for (const memoryBytes of [128 * 2 ** 20, 2 ** 30, 64 * 2 ** 30]) {
    const host = options({ limits: { ...spec.limits, memoryBytes } }).HostConfig;
    const sizes = Object.values(host?.Tmpfs ?? {}).map((it) => Number.parseInt(sizeIn(it), 10));
    expect(sizes).toHaveLength(2);
    const inMemory = sizes.reduce((sum, size) => sum + size, host?.ShmSize ?? Number.NaN);
    expect(inMemory).toBeLessThan(memoryBytes * 0.75);
  }
});

test("a workstation with a network is on the one that keeps workstations apart, or joins it", () => {
  expect(options().HostConfig?.NetworkMode).toBe("nexora");
  expect(options({}, { joins: true }).HostConfig?.NetworkMode).toBe("none");
  expect(options({}, { joins: true }).HostConfig?.PortBindings).toEqual(
    options().HostConfig?.PortBindings,
  );
});

test("an AppArmor profile is named only when there is one", () => {
  const plan = { instance: "abcdefghij", spec, ports, bind: null, joins: false, seccomp: "{}" };
  const strict = { ...plan, sharesKernel: true, apparmor: "strict" };
  const named = containerOptions(strict).HostConfig?.SecurityOpt;
  expect(named).toContain("apparmor=strict");
  expect(options().HostConfig?.SecurityOpt?.join()).not.toContain("apparmor");
});

test("ports are published on loopback only", () => {
  expect(options().HostConfig?.PortBindings).toEqual({
    "5900/tcp": [{ HostIp: "127.0.0.1", HostPort: "5901" }],
    "7000/tcp": [{ HostIp: "127.0.0.1", HostPort: "9223" }],
  });
});

test("without a network nothing is published", () => {
  const { HostConfig: host, ExposedPorts } = options({ network: "none" });
  expect(host?.NetworkMode).toBe("none");
  expect(host?.PortBindings).toEqual({});
  expect(ExposedPorts).toBeUndefined();
});

test("container and volumes carry the labels of their owner", () => {
  const { Labels, HostConfig: host, name } = options();
  const owner = { "nexora.instance": "abcdefghij", "nexora.session": "s_one" };
  expect(Labels).toMatchObject(owner);
  expect(name).toBe("nexora-abcdefgh-s_one");
  const home = host?.Mounts?.find(({ Target }) => Target === "/home");
  expect(home).toMatchObject({ Type: "volume", Source: "nexora-abcdefgh-s_one-home" });
  expect(home?.VolumeOptions?.Labels).toEqual(owner);
});

test("the workspace is the folder to bind, or else a volume", () => {
  const workspace = (bind: string | null) =>
    options({}, { bind }).HostConfig?.Mounts?.find(({ Target }) => Target === "/workspace");
  expect(workspace("/mapped/s_one")).toMatchObject({ Type: "bind", Source: "/mapped/s_one" });
  expect(workspace(null)).toMatchObject({ Type: "volume" });
});
