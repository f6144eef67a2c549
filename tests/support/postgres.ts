import { chown, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";

/** A private PostgreSQL server, from Debian's packages, for as long as a test needs it. */
export interface PostgresServer {
  port: number;
  /** Address of the superuser on the database `postgres`. */
  url: string;
  /** A new, empty database; its address. */
  createDatabase(): Promise<string>;
  /** Stops it, and starts it again after `meanwhile`. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const user = "nexora";
const password = "only for tests";
const startDeadlineMs = 30_000;

/** Starts a server on a port and data folder of its own. Throws when the packages are missing. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = await findBinaries();
  const run = await unprivileged();
  const folder = await mkdtemp(join(tmpdir(), "nexora-postgres-"));
  await run.own(folder);
  const data = join(folder, "data");
  try {
    const passwordFile = join(folder, "password");
    await writeFile(passwordFile, password);
    await run.own(passwordFile);
    const initdb = [join(bin, "initdb"), "-D", data, "-U", user, "--pwfile", passwordFile];
    await finish([...run.prefix, ...initdb, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]);
    const port = await freePort();
    const start = async () => {
      const server = Bun.spawn(
        [
          ...run.prefix,
          join(bin, "postgres"),
          ...["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"],
          ...["-F", "-c", "max_connections=200"],
        ],
        { stdin: "ignore", stdout: "ignore", stderr: "pipe", env: { LC_ALL: "C" } },
      );
      await ready(server);
      return server;
    };
    let server = await start();
    const kill = async () => {
      server.kill("SIGINT");
      await server.exited;
    };
    return {
      port,
      ...databases(port),
      async restart(meanwhile) {
        await kill();
        await meanwhile();
        server = await start();
      },
      async stop() {
        await kill();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function databases(port: number): Pick<PostgresServer, "url" | "createDatabase"> {
  const address = (database: string) =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  let made = 0;
  return {
    url: address("postgres"),
    async createDatabase() {
      const name = `test_${++made}`;
      const sql = postgres(address("postgres"), { max: 1 });
      try {
        await sql`create database ${sql(name)}`;
      } finally {
        await sql.end();
      }
      return address(name);
    },
  };
}

/** The newest /usr/lib/postgresql/<version>/bin. */
async function findBinaries(): Promise<string> {
  const root = "/usr/lib/postgresql";
  const versions = (await readdir(root).catch(() => []))
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a));
  for (const version of versions) {
    const bin = join(root, version, "bin");
    if (await Bun.file(join(bin, "initdb")).exists()) return bin;
  }
  throw new Error(
    "no PostgreSQL server in /usr/lib/postgresql: `apt-get install -y --no-install-recommends postgresql`",
  );
}

/** PostgreSQL refuses to run as root, and the server must not outlive the tests. */
async function unprivileged() {
  const prefix = ["setpriv", "--pdeathsig=INT"];
  if (process.getuid?.() !== 0) return { prefix, own: async () => {} };
  const [uid, gid] = await Promise.all([id("-u"), id("-g")]);
  return {
    prefix: [...prefix, `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"],
    own: (path: string) => chown(path, uid, gid),
  };
}

async function id(what: "-u" | "-g"): Promise<number> {
  return Number(await finish(["id", what, "postgres"]));
}

async function finish(command: string[]): Promise<string> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe", cwd: "/" });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed: ${err.trim()}`);
  return out;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}

/** Follows the server's log until it accepts connections; the rest of the log is drained. */
async function ready(server: Bun.Subprocess<"ignore", "ignore", "pipe">): Promise<void> {
  let log = "";
  const started = Promise.withResolvers<void>();
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of server.stderr) {
      log = (log + decoder.decode(chunk, { stream: true })).slice(-16_384);
      if (log.includes("ready to accept connections")) started.resolve();
    }
    started.reject(new Error(`the PostgreSQL server did not start: ${log}`));
  };
  void read();
  const timer = setTimeout(
    () => started.reject(new Error(`the PostgreSQL server is not ready: ${log}`)),
    startDeadlineMs,
  );
  await started.promise.finally(() => clearTimeout(timer));
}
