import { networkInterfaces } from "node:os";
import type { Service } from "../../daemon/tunnel/service.ts";
import { Tunnelled } from "../support/tunnelled.ts";
import { Workstations } from "../support/workstations.ts";
import type { Bench } from "./bench.ts";
import { summarize } from "./measure.ts";
import type { Row } from "./table.ts";

const payload = 50 * 1024 * 1024;
const piece = new Uint8Array(64 * 1024);

/** The services, and the same as servers on the host, which a workstation must normally not reach. */
const services: Service[] = [
  {
    name: "echo",
    port: 9000,
    async connect(_, stream) {
      for await (const bytes of stream) await stream.write(bytes);
    },
  },
  {
    name: "source",
    port: 9001,
    async connect(_, stream) {
      for (let sent = 0; sent < payload; sent += piece.length) await stream.write(piece);
    },
  },
  {
    name: "sink",
    port: 9002,
    async connect(_, stream) {
      for await (const _ of stream);
      await stream.write(new Uint8Array(1));
    },
  },
];

/** Milliseconds of round trips of 100 bytes, of 50 MiB in, and of 50 MiB out. */
const client = (host: string, [echo, source, sink]: readonly number[]) => `
def take(f):
    t = time.perf_counter(); f(); return (time.perf_counter() - t) * 1000
def at(port): return socket.create_connection(("${host}", port))
connect(9000)
s = at(${echo}); s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
def ask(): s.sendall(b"x" * 100); exactly(s, 100)
[ask() for _ in range(200)]
print(*[take(ask) for _ in range(500)])
b = bytearray(1 << 18)
def down():
    s = at(${source})
    while s.recv_into(b): pass
print(*[take(down) for _ in range(7)][2:])
a = bytes(${payload})
def up():
    s = at(${sink}); s.sendall(a); s.shutdown(socket.SHUT_WR); s.recv(1)
print(*[take(up) for _ in range(7)][2:])`;

/** What a service costs through the tunnel, beside a server on the host that one reaches directly. */
export async function benchTunnel({ signal }: Bench): Promise<Row[]> {
  await using stations = await Workstations.open();
  await using full = await Tunnelled.start(stations, "full", services);
  await using none = await Tunnelled.start(stations, "none", services);
  using host = directly();
  const direct = await measured(full, client(bridge(), host.ports));
  signal.throwIfAborted();
  const rows: Row[] = [];
  for (const [network, box] of [
    ["full", full],
    ["none", none],
  ] as const) {
    const tunnel = await measured(
      box,
      client(
        "127.0.0.1",
        services.map(({ port }) => port),
      ),
    );
    signal.throwIfAborted();
    for (const [index, what] of ["100 bytes there and back", "50 MiB in", "50 MiB out"].entries()) {
      const [ours, theirs] = [tunnel[index] ?? [], direct[index] ?? []];
      rows.push({
        what: `tunnel: ${what}, network ${network}`,
        unit: "ms",
        ours: summarize(ours),
        theirs: { what: "a server on the host", summary: summarize(theirs) },
      });
    }
  }
  return rows;
}

async function measured(box: Tunnelled, program: string): Promise<number[][]> {
  const output = await box.python(program);
  return output.split("\n").map((line) => line.split(" ").map(Number));
}

/** An address of the host's that containers reach. */
function bridge(): string {
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, found]) =>
    name === "lo" ? [] : (found ?? []).filter(({ family }) => family === "IPv4"),
  );
  if (!addresses[0]) throw new Error("the host has no address that a container reaches");
  return addresses[0].address;
}

/** The services on ports of the host's. */
function directly(): { ports: number[]; [Symbol.dispose](): void } {
  const listen = (socket: Bun.SocketHandler<{ left: number }>) =>
    Bun.listen<{ left: number }>({ hostname: "0.0.0.0", port: 0, allowHalfOpen: true, socket });
  const pump = (socket: Bun.Socket<{ left: number }>) => {
    while (socket.data.left > 0) {
      const wanted = Math.min(piece.length, socket.data.left);
      const count = socket.write(piece.subarray(0, wanted));
      socket.data.left -= Math.max(0, count);
      if (count < wanted) return;
    }
    socket.end();
  };
  const listeners = [
    listen({ data: (socket, bytes) => void socket.write(bytes) }),
    listen({
      open(socket) {
        socket.data = { left: payload };
        pump(socket);
      },
      drain: pump,
      data: () => {},
    }),
    listen({ data: () => {}, end: (socket) => void socket.end("x") }),
  ];
  return {
    ports: listeners.map(({ port }) => port),
    [Symbol.dispose]: () => listeners.forEach((listener) => void listener.stop(true)),
  };
}
