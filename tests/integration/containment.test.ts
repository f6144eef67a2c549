import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { WorkstationRef } from "../../daemon/drivers/driver.ts";
import { TestDaemon } from "../support/daemon.ts";
import { Workstations } from "../support/workstations.ts";

/** What an agent inside cannot reach; docs/security.md names these tests. */
let it: Workstations;
let ref: WorkstationRef;
let other: WorkstationRef;
let project: string;

beforeAll(async () => {
  it = await Workstations.open();
  project = join(it.folder, "project");
  await mkdir(project);
  await Bun.write(join(it.folder, "outside.txt"), "the host's secret\n");
  [ref, other] = await Promise.all([it.running(project), it.running(null)]);
});
afterAll(async () => {
  await it?.[Symbol.asyncDispose]();
});

function python(script: string): Promise<{ exitCode: number; output: string }> {
  return it.run(ref, `cat > /tmp/try.py <<'END'\n${script}\nEND\npython3 /tmp/try.py`);
}

async function addresses(of: WorkstationRef): Promise<{ own: string; gateway: string }> {
  const { NetworkSettings } = await it.docker.getContainer(of.handle).inspect();
  const network = Object.values(NetworkSettings.Networks)[0];
  return { own: network?.IPAddress ?? "", gateway: network?.Gateway ?? "" };
}

/** What becomes of a TCP connection from the workstation: `connected`, or why not. */
async function connecting(host: string, port: number): Promise<string> {
  const { output } = await python(`import socket
try:
    socket.create_connection(("${host}", ${port}), timeout=2).close()
    print("connected")
except OSError as error: print("failed:", error)`);
  return output;
}

describe("the network cannot be used to reach", () => {
  test("the daemon", async () => {
    await using daemon = await TestDaemon.start();
    const { gateway } = await addresses(ref);
    expect(gateway).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    const port = Number(new URL(daemon.url).port);
    for (const host of [gateway, "127.0.0.1"])
      expect(await connecting(host, port)).toMatch(/^failed/);
    expect((await fetch(`${daemon.url}/v1/sessions`)).status).toBe(401);
  });

  test("another session: not its runner, its display, nor a server that runs in it", async () => {
    const { own, gateway } = await addresses(other);
    expect(own).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    const serving = await it.run(
      other,
      "cd /tmp; setsid python3 -m http.server 8000 > /tmp/log 2>&1 & for n in $(seq 50); do curl -s localhost:8000 && exit; sleep 0.1; done; exit 1",
    );
    expect(serving.exitCode).toBe(0);
    for (const port of [7000, 5900, 8000]) expect(await connecting(own, port)).toMatch(/^failed/);
    for (const port of Object.values(it.ports.of(other))) {
      expect(await connecting(gateway, port)).toMatch(/^failed/);
    }
  });

  test("a wire below IP: no packet and no raw sockets", async () => {
    const kinds = [
      "AF_PACKET, s.SOCK_RAW, 768",
      "AF_INET, s.SOCK_RAW, 1",
      "AF_INET6, s.SOCK_RAW, 58",
    ];
    for (const kind of kinds) {
      expect((await python(`import socket as s\ns.socket(s.${kind})`)).output).toMatch(
        /PermissionError|not permitted/,
      );
    }
  });
});

describe("of the host's files", () => {
  test("only the workspace is there; links out of it lead nowhere", async () => {
    const outside = join(it.folder, "outside.txt");
    await it.run(ref, `cd /workspace; ln -s ../outside.txt up; ln -s ${outside} absolute`);
    for (const link of ["up", "absolute"]) {
      const read = await it.run(ref, `cat /workspace/${link}`);
      expect(read.exitCode).not.toBe(0);
      expect(read.output).toContain("No such file");
      const reply = await it.runner(ref, `/runner/files?path=/workspace/${link}`);
      expect(await reply.text()).not.toContain("the host's secret");
    }
  });

  test("no device can be made or opened", async () => {
    for (const node of ["b 8 0", "c 1 1"]) {
      const made = await it.run(ref, `mknod /workspace/node ${node}`);
      expect(made.output).toContain("Operation not permitted");
    }
    const { output } = await it.run(ref, "ls /dev");
    expect(output).not.toMatch(/^(sd|vd|nvme|loop|dm-|mem|kmsg|fuse|kvm)/m);
  });

  test("nothing can be written but workspace, home and files in memory", async () => {
    const { output } = await it.run(
      ref,
      "find / -xdev \\( -type d -o -type f \\) -writable 2>/dev/null; while read -r _ at _; do test -w $at && echo $at; done < /proc/mounts",
    );
    const writable = output.split("\n").filter((path) => !/^\/(proc|dev)\/?/.test(path));
    expect([...new Set(writable)].toSorted()).toEqual(["/home", "/run", "/tmp", "/workspace"]);
  });
});

describe("of the host's processes", () => {
  test("none can be seen", async () => {
    await using host = Bun.spawn(["sleep", "31.4159"]);
    expect(host.pid).toBeGreaterThan(0);
    const { output } = await it.run(ref, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
    expect(output).toContain("runner");
    expect(output).not.toContain("31.4159");
  });

  test("none of another session can be seen", async () => {
    await it.run(other, "setsid sleep 27.1828 > /dev/null 2>&1 &");
    expect((await it.run(other, "cat /proc/[0-9]*/cmdline")).output).toContain("27.1828");
    expect((await it.run(ref, "cat /proc/[0-9]*/cmdline")).output).not.toContain("27.1828");
  });
});

describe("of the kernel", () => {
  // Numbers of x86_64, aarch64; calls that have been ways out of containers.
  const calls = {
    bpf: [321, 280],
    perf_event_open: [298, 241],
    userfaultfd: [323, 282],
    io_uring_setup: [425, 425],
    keyctl: [250, 219],
    add_key: [248, 217],
    open_by_handle_at: [304, 265],
    init_module: [175, 105],
    kexec_load: [246, 104],
    mount: [165, 40],
    fsopen: [430, 430],
    open_tree: [428, 428],
    move_mount: [429, 429],
    setns: [308, 268],
    pivot_root: [155, 41],
    sethostname: [170, 161],
    settimeofday: [164, 170],
    reboot: [169, 142],
    fanotify_init: [300, 262],
    pidfd_getfd: [438, 438],
  };

  test("calls that have been ways out are refused, also to root of a user namespace", async () => {
    const script = `import ctypes, errno, json, platform
libc = ctypes.CDLL(None, use_errno=True)
at = 1 if platform.machine() == "aarch64" else 0
for name, numbers in json.loads('${JSON.stringify(calls)}').items():
    libc.syscall(ctypes.c_long(numbers[at]), *[ctypes.c_long(-1)] * 6)
    print(name, errno.errorcode.get(ctypes.get_errno()))`;
    const refused = Object.keys(calls).map((name) => `${name} EPERM`);
    expect((await python(script)).output.split("\n")).toEqual(refused);
    const { output } = await it.run(ref, "unshare --user --map-root-user python3 /tmp/try.py");
    expect(output.split("\n")).toEqual(refused);
  });

  test("memory, settings, and control groups are out of reach", async () => {
    for (const path of ["/proc/kcore", "/proc/keys", "/proc/timer_list"]) {
      expect((await it.run(ref, `head -c 8 ${path} 2> /dev/null | wc -c`)).output).toBe("0");
    }
    expect((await it.run(ref, "ls -A /sys/firmware | wc -l")).output).toBe("0");
    const { output } = await it.run(
      ref,
      "find /sys /proc/sys -writable -type f 2>/dev/null | while read f; do (: >> $f) 2>/dev/null && echo $f; done",
    );
    expect(output).toBe("");
  });
});
