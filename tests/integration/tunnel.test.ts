import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Service } from "../../daemon/tunnel/service.ts";
import type { ServiceStream } from "../../daemon/tunnel/service-stream.ts";
import { Tunnelled } from "../support/tunnelled.ts";
import { Workstations } from "../support/workstations.ts";

const mega = 1024 * 1024;
/** What buffers of the kernel and of the tunnel may hold of a stream that nobody reads. */
const ahead = 16 * mega;

let stations: Workstations;
beforeAll(async () => {
  stations = await Workstations.open();
});
afterAll(async () => {
  await stations?.[Symbol.asyncDispose]();
});

function service(
  name: string,
  port: number,
  connect: (stream: ServiceStream) => Promise<void>,
): Service {
  return { name, port, connect: (_, stream) => connect(stream) };
}

const echo = service("echo", 9000, async (stream) => {
  for await (const bytes of stream) await stream.write(bytes);
});

/** All that comes, as text. */
async function text(stream: ServiceStream): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Distinct pieces of 64 KiB, `count` of them. */
function* pieces(count: number): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield new Uint8Array(64 * 1024).fill(i * 7);
}

describe.each(["full", "none"] as const)("with network %s", (network) => {
  test("a program inside reaches a service, which knows its session", async () => {
    const seen: string[] = [];
    const greeter: Service = {
      name: "greeter",
      port: 9000,
      async connect(session, stream) {
        seen.push(session);
        await stream.write(Buffer.from(`hello, ${await text(stream)}`));
      },
    };
    await using box = await Tunnelled.start(stations, network, [greeter]);
    const output = await box.python(`
s = connect(9000); s.sendall(b"inside"); s.shutdown(socket.SHUT_WR); print(rest(s).decode())`);
    expect(output).toBe("hello, inside");
    expect(seen).toEqual([box.ref.session]);
  });

  test("each side can end its sending and still receive", async () => {
    const heard = Promise.withResolvers<number>();
    const late = service("late", 9001, async (stream) => {
      await stream.write(Buffer.from("bye"));
      stream.end();
      heard.resolve((await text(stream)).length);
    });
    const answer = service("answer", 9002, async (stream) => {
      const question = Buffer.concat(await Array.fromAsync(stream));
      for (let i = 0; i < 32; i++) await stream.write(new Uint8Array(mega / 32).fill(i));
      await stream.write(Buffer.from(sha256(question)));
    });
    await using box = await Tunnelled.start(stations, network, [late, answer]);
    const output = await box.python(`
s = connect(9001); print(rest(s).decode()); s.sendall(b"x" * 3000000); s.shutdown(socket.SHUT_WR)
q = os.urandom(1000000); s = connect(9002); s.sendall(q); s.shutdown(socket.SHUT_WR)
a = rest(s); print(len(a) - 64, a[-64:].decode() == hashlib.sha256(q).hexdigest())`);
    expect(output.split("\n")).toEqual(["bye", `${mega} True`]);
    expect(await heard.promise).toBe(3_000_000);
  });

  test("50 MB to a slow reader inside are held back, and arrive whole", async () => {
    let written = 0;
    let lead = 0;
    const source = service("source", 9001, async (stream) => {
      for (const piece of pieces(800)) {
        await stream.write(piece);
        written += piece.length;
      }
    });
    const progress = service("progress", 9002, async (stream) => {
      for (let line = await stream.read(); line; line = await stream.read()) {
        lead = Math.max(lead, written - Number(Buffer.from(line).toString()));
        await stream.write(line);
      }
    });
    await using box = await Tunnelled.start(stations, network, [source, progress]);
    const output = await box.python(`
s = connect(9001); p = connect(9002); h = hashlib.sha256(); n = 0; before = runner_kib("VmRSS")
while True:
    b = exactly(s, 1 << 20)
    if not b: break
    h.update(b); n += len(b); p.sendall(str(n).encode()); p.recv(100)
print(n, h.hexdigest(), runner_kib("VmHWM") - before < 40 * 1024)`);
    const all = Buffer.concat([...pieces(800)]);
    expect(output).toBe(`${all.length} ${sha256(all)} True`);
    expect(lead).toBeLessThan(ahead);
  });

  test("50 MB to a slow service are held back, and arrive whole", async () => {
    const go = Promise.withResolvers<number>();
    const got = Promise.withResolvers<string>();
    const sink = service("sink", 9001, async (stream) => {
      await go.promise;
      const hash = createHash("sha256");
      let count = 0;
      for await (const bytes of stream) {
        hash.update(bytes);
        count += bytes.length;
      }
      got.resolve(`${count} ${hash.digest("hex")}`);
    });
    const gate = service("gate", 9002, async (stream) => go.resolve(Number(await text(stream))));
    await using box = await Tunnelled.start(stations, network, [sink, gate]);
    const output = await box.python(`
a = b"".join(bytes([i % 251]) * 65536 for i in range(800)); s = connect(9001); n = 0; s.settimeout(1)
try:
    while n < len(a): n += s.send(a[n:n + 65536])
except TimeoutError: pass
g = connect(9002); g.sendall(str(n).encode()); g.shutdown(socket.SHUT_WR); rest(g)
s.settimeout(60); s.sendall(a[n:]); s.shutdown(socket.SHUT_WR); rest(s)
print(len(a), hashlib.sha256(a).hexdigest())`);
    expect(await go.promise).toBeLessThan(ahead);
    expect(await got.promise).toBe(output);
  });

  test("50 streams at once carry each its own bytes", async () => {
    await using box = await Tunnelled.start(stations, network, [echo]);
    const output = await box.python(`
connect(9000).close(); same = []
def one():
    a = os.urandom(300000); s = connect(9000); t = threading.Thread(target=s.sendall, args=(a,)); t.start()
    b = exactly(s, len(a)); t.join(); s.shutdown(socket.SHUT_WR)
    same.append(hashlib.sha256(a).digest() == hashlib.sha256(b).digest() and rest(s) == b"")
ts = [threading.Thread(target=one) for _ in range(50)]
[t.start() for t in ts]; [t.join() for t in ts]; print(len(same), all(same))`);
    expect(output).toBe("50 True");
  });

  test("streams that nobody reads do not hold up another one", async () => {
    const flood = service("flood", 9001, async (stream) => {
      for (;;) await stream.write(new Uint8Array(mega));
    });
    await using box = await Tunnelled.start(stations, network, [echo, flood]);
    const output = await box.python(`
stalled = [connect(9001) for _ in range(20)]
for s in stalled: assert len(s.recv(1000)) > 0
s = connect(9000); a = os.urandom(2000000); t = threading.Thread(target=s.sendall, args=(a,)); t.start()
b = exactly(s, len(a)); t.join(); print(a == b)`);
    expect(output).toBe("True");
  });

  test("what breaks on one side is broken on the other, and never looks complete", async () => {
    const broken = Promise.withResolvers<string>();
    const failing = service("failing", 9001, async (stream) => {
      await stream.write(Buffer.from("half of"));
      await stream.read();
      throw new Error("a secret of the daemon's");
    });
    const watching = service("watching", 9002, async (stream) => {
      await stream.write(Buffer.from("go"));
      const error = await text(stream).catch((thrown) => thrown);
      broken.resolve(`${stream.signal.aborted} ${error.code}`);
    });
    await using box = await Tunnelled.start(stations, network, [failing, watching]);
    const output = await box.python(`
s = connect(9001); s.sendall(b"?")
try: print("complete:", rest(s))
except ConnectionResetError: print("reset")
s = connect(9002); s.recv(2); s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); s.close()`);
    expect(output).toBe("reset");
    expect(await broken.promise).toBe("true interrupted");
    expect(box.warnings.map(({ message }) => message)).toEqual([
      "a service broke a connection off",
    ]);
  });

  test("a daemon that was killed is followed by another, at the same address", async () => {
    await using box = await Tunnelled.start(stations, network);
    // This process keeps the door of a workstation without a network open, of which there is one.
    await stations.driver.close();
    const script = join(import.meta.dir, "../support/echo-daemon.ts");
    const args = [stations.instance, stations.secrets.token, JSON.stringify(box.ref)];
    const daemon = () => Bun.spawn([process.execPath, script, ...args], { stdin: "pipe" });
    const ask = `
def ask(s):
    s.sendall(b"are you there?"); return s.recv(100)
`;
    const first = daemon();
    expect(await box.python(`${ask}print(ask(connect(9000)))`)).toBe("b'are you there?'");
    const waits = box.python(`${ask}
s = connect(9000); print(ask(s), flush=True); open("/tmp/open", "w").close()
try: print("complete:", rest(s))
except ConnectionResetError: print("reset")
n = 0
while True:
    try: a = ask(connect(9000))
    except ConnectionResetError: a = b""
    if a: break
print(a)`);
    await box.python(`
while not os.path.exists("/tmp/open"): time.sleep(0.02)`);
    first.kill("SIGKILL");
    await first.exited;
    const second = daemon();
    try {
      expect(await waits).toBe("b'are you there?'\nreset\nb'are you there?'");
    } finally {
      second.kill("SIGKILL");
      await second.exited;
    }
  });

  test("a connection made while no daemon is there is served by the next, or broken off", async () => {
    await using box = await Tunnelled.start(stations, network, [echo]);
    await box.python("connect(9000)");
    box.close();
    const nobody = await box.python(`
s = connect(9000); s.sendall(b"anybody?")
try: print("got", rest(s))
except ConnectionResetError: print("reset")`);
    expect(nobody).toBe("reset");
    const early = box.python(`
s = connect(9000); open("/tmp/connected", "w").close(); s.sendall(b"anybody?"); print(s.recv(100))`);
    await box.python(`
while not os.path.exists("/tmp/connected"): time.sleep(0.02)`);
    box.offer([echo]);
    expect(await early).toBe("b'anybody?'");
  });

  test("a port that is taken inside is told, and the other services work", async () => {
    await using box = await Tunnelled.start(stations, network);
    const taken = box.python(`
l = socket.create_server(("127.0.0.1", 9001)); open("/tmp/taken", "w").close()
s, _ = l.accept(); s.sendall(b"mine"); s.close()
while not os.path.exists("/tmp/done"): time.sleep(0.02)`);
    await box.python(`
while not os.path.exists("/tmp/taken"): time.sleep(0.02)`);
    box.offer([service("other", 9001, async () => {}), echo]);
    const output = await box.python(`
s = connect(9000); s.sendall(b"works"); print(s.recv(100)); print(rest(connect(9001)))
open("/tmp/done", "w").close()`);
    expect(output).toBe("b'works'\nb'mine'");
    await taken;
    expect(box.warnings).toEqual([
      {
        message: "a service cannot be reached inside",
        fields: {
          session: box.ref.session,
          service: "other",
          error: "nothing listens at 127.0.0.1:9001 inside: another program inside holds the port",
        },
      },
    ]);
  });

  test("a service is reached at no other address than loopback", async () => {
    await using box = await Tunnelled.start(stations, network, [echo]);
    const output = await box.python(`
connect(9000)
own = [socket.gethostbyname(socket.gethostname())] if os.path.exists("/sys/class/net/eth0") else []
for address in own:
    try: socket.create_connection((address, 9000)); print("reached at", address)
    except ConnectionRefusedError: pass
for line in open("/proc/net/tcp").readlines() + open("/proc/net/tcp6").readlines():
    if line.split()[3] == "0A" and line.split()[1].endswith(":2328"): print(line.split()[1])`);
    expect(output).toBe("0100007F:2328");
  });
});
