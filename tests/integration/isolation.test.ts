import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import type { WorkstationRef } from "../../daemon/drivers/driver.ts";
import { vncSecurity } from "../support/vnc-security.ts";
import { Workstations } from "../support/workstations.ts";

let it: Workstations;
let ref: WorkstationRef;
let info: Docker.ContainerInspectInfo;

beforeAll(async () => {
  it = await Workstations.open();
  const workspace = join(it.folder, "project");
  await mkdir(workspace);
  ref = await it.running(workspace);
  info = await it.docker.getContainer(ref.handle).inspect();
});
afterAll(async () => {
  await it?.[Symbol.asyncDispose]();
});

async function output(script: string): Promise<string> {
  return (await it.run(ref, script)).output;
}

/** What a forbidden action says; fails when it succeeds. */
async function refusal(script: string): Promise<string> {
  const { exitCode, output: said } = await it.run(ref, script);
  expect(exitCode, `${script} succeeded`).not.toBe(0);
  return said;
}

describe("privileges", () => {
  test("every process runs as a normal user", async () => {
    const uids = (await output("ps -eo uid=,gid=")).split("\n").map((line) => line.trim());
    expect(uids.length).toBeGreaterThan(3);
    for (const line of uids) expect(line).not.toMatch(/^0\s|\s0$/);
  });

  test("no capability is left, none can be gained, and seccomp filters", async () => {
    const status = await output("cat /proc/1/status");
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
      expect(status).toContain(`${set}:\t0000000000000000`);
    }
    expect(status).toMatch(/NoNewPrivs:\t1/);
    expect(status).toMatch(/Seccomp:\t2/);
  });

  test("the container is not privileged and shares no namespace with the host", () => {
    expect(info.HostConfig).toMatchObject({ Privileged: false, IpcMode: "private", PidMode: "" });
    expect(info.HostConfig.NetworkMode).not.toBe("host");
    expect(info.HostConfig.Devices ?? []).toEqual([]);
  });

  test.each(["chmod u+s", "chmod g+s", "chmod 4755"])("%s is refused", async (change) => {
    for (const folder of ["/workspace", "/home", "/tmp"]) {
      const file = `${folder}/set-id`;
      expect(await refusal(`cp /bin/true ${file} && ${change} ${file}`)).toContain("not permitted");
    }
  });

  test("a file cannot be created with a set-id bit", async () => {
    const create = `import os; os.open("/workspace/born", os.O_CREAT | os.O_WRONLY, 0o4755)`;
    expect(await refusal(`python3 -c '${create}'`)).toContain("PermissionError");
  });

  test("file capabilities cannot be set, not even by the root of a user namespace", async () => {
    // Through an id-mapped workspace they would be real ones on the host.
    const script = `import os, struct
open("/workspace/capable", "w").close()
value = struct.pack("<5I", 0x02000001, 0xffffffff, 0, 0x1ff, 0)
os.setxattr("/workspace/capable", "security.capability", value)`;
    expect(await refusal(`python3 -c '${script}'`)).toMatch(/OSError|PermissionError/);
    const { exitCode } = await it.run(ref, `unshare --user --map-root-user python3 -c '${script}'`);
    expect(exitCode).not.toBe(0);
    const attributes = `import os; print(os.listxattr("/workspace/capable"))`;
    expect(await output(`python3 -c '${attributes}'`)).toBe("[]");
  });

  test("nothing can be mounted, not even by the root of a user namespace", async () => {
    await refusal("mount -t tmpfs none /tmp");
    await refusal("unshare --user --map-root-user --mount mount -t tmpfs none /tmp");
  });

  test("the kernel's settings cannot be written", async () => {
    await refusal("echo 1 > /proc/sys/kernel/core_uses_pid");
    await refusal("echo h > /proc/sysrq-trigger");
  });

  test("the engine's socket is not inside", async () => {
    expect(await output("find / -xdev -name 'docker*.sock' 2>/dev/null; ls /run")).not.toContain(
      "sock",
    );
    expect(info.Mounts.map(({ Source }) => Source).join()).not.toContain("docker.sock");
  });
});

describe("file systems", () => {
  test("the root is read-only", async () => {
    for (const file of ["/x", "/etc/x", "/usr/bin/x"]) {
      expect(await refusal(`touch ${file}`)).toMatch(/Read-only|Permission denied/);
    }
    expect(await output("findmnt -no OPTIONS / || grep ' / ' /proc/mounts")).toMatch(/\bro\b/);
  });

  test("/tmp and /run are in memory, without set-id programs and devices", async () => {
    const mounts = (await output("cat /proc/mounts")).split("\n");
    const options = (path: string) => mounts.find((line) => line.split(" ")[1] === path) ?? "";
    expect(options("/tmp")).toMatch(/^tmpfs .*nosuid,nodev/);
    expect(options("/run")).toMatch(/^tmpfs .*nosuid,nodev,noexec/);
    expect(options("/dev/shm")).toContain("tmpfs");
  });

  test("home and workspace can be written", async () => {
    expect(await it.run(ref, "touch /home/x /workspace/x /tmp/x /run/x")).toMatchObject({
      exitCode: 0,
      output: "",
    });
  });
});

describe("limits", () => {
  const either = (v2: string, v1: string) =>
    output(`cat /sys/fs/cgroup/${v2} 2>/dev/null || cat /sys/fs/cgroup/${v1}`);

  test("memory", async () => {
    const limit = await either("memory.max", "memory/memory.limit_in_bytes");
    expect(Number(limit)).toBe(512 * 1024 * 1024);
  });

  test("CPUs", async () => {
    const [quota, period = "100000"] = (await either("cpu.max", "cpu/cpu.cfs_quota_us")).split(" ");
    expect(Number(quota) / Number(period)).toBe(1);
  });

  test("processes", async () => {
    expect(Number(await either("pids.max", "pids/pids.max"))).toBe(200);
    const forks = `import os, signal
children = []
try:
    while len(children) < 300: children.append(os.fork() or signal.pause())
except BlockingIOError: print("no more than", len(children))
for child in children: os.kill(child, signal.SIGKILL)`;
    expect(await output(`python3 -c '${forks}'`)).toMatch(/^no more than 1\d\d$/);
  });

  test("open files, and no core dumps", async () => {
    expect(await output("ulimit -n; ulimit -c")).toBe("16384\n0");
  });

  test("the log on the host", () => {
    expect(info.HostConfig.LogConfig).toEqual({
      Type: "json-file",
      Config: { "max-size": "5m", "max-file": "2" },
    });
  });
});

describe("doors", () => {
  test("ports are published on loopback only", () => {
    const { vnc, cdp } = it.ports.of(ref);
    const bindings = Object.values(info.NetworkSettings.Ports).flatMap((list) => list ?? []);
    expect(bindings.map(({ HostPort }) => Number(HostPort)).toSorted()).toEqual(
      [vnc, cdp].toSorted(),
    );
    for (const { HostIp } of bindings) expect(HostIp).toBe("127.0.0.1");
  });

  test("VNC asks for the password and refuses a wrong one", async () => {
    const { types, verdict } = await vncSecurity(it.ports.of(ref).vnc);
    expect(types).toEqual([2]);
    expect(verdict).not.toBe(0);
  });

  test.each(["/runner/health", "/runner/screen", "/json/version", "/devtools/browser", "/"])(
    "the runner's %s is closed without its token",
    async (path) => {
      const url = `http://127.0.0.1:${it.ports.of(ref).cdp}${path}`;
      const status = async (headers: Record<string, string>) =>
        (await fetch(url, { headers })).status;
      expect(await status({})).toBe(401);
      expect(await status({ authorization: "Bearer wrong" })).toBe(401);
      expect(await status({ authorization: `Basic ${btoa(`:${it.secrets.token}`)}` })).toBe(401);
      expect(await status({ authorization: `Bearer ${it.secrets.token}` })).not.toBe(401);
    },
  );
});

describe("secrets", () => {
  const secrets = () => Object.values(it.secrets);

  test("are not in what the engine shows", async () => {
    const shown = JSON.stringify(info);
    for (const secret of secrets()) expect(shown).not.toContain(secret);
  });

  test("are not in arguments or environments of processes", async () => {
    const seen = await output("cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n'");
    expect(seen).toContain("runner");
    for (const secret of secrets()) expect(seen).not.toContain(secret);
  });

  test("are not in the log", async () => {
    const log = await Array.fromAsync(it.driver.logs(ref, { tail: 10_000, follow: false }));
    expect(log.length).toBeGreaterThan(0);
    for (const secret of secrets()) expect(log.join("\n")).not.toContain(secret);
  });
});

test("the dev profile trades the read-only root and no-sudo for comfort, and nothing else", async () => {
  const dev = await it.running(null, { profile: "dev" });
  const inside = await it.run(dev, "id -u; grep ' / ' /proc/mounts; cat /proc/1/status");
  expect(inside.output).not.toMatch(/^0$/m);
  expect(inside.output).toMatch(/^overlay \/ overlay rw/m);
  expect(inside.output).toMatch(/NoNewPrivs:\t0/);
  expect(inside.output).toMatch(/Seccomp:\t2/);
  expect(inside.output).toMatch(/CapEff:\t0000000000000000/);
  await it.driver.remove(dev, { home: true });
});

test("container and volumes carry the labels by which they are found and reaped", async () => {
  const owner = { "nexora.instance": it.instance, "nexora.session": ref.session };
  expect(info.Config.Labels).toMatchObject(owner);
  const { volumes } = await it.objects();
  expect(volumes).toHaveLength(1);
  for (const name of volumes) {
    expect((await it.docker.getVolume(name).inspect()).Labels).toEqual(owner);
  }
});
