import { homedir, tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** Longest path of a Unix socket: `sun_path` has 108 bytes with its NUL (unix(7)). */
const maxSocketPath = 107;

/** Every file and folder of one Nexora home: all derived, nothing is made here. */
export interface Paths {
  /** State: registration, token, log, lock, data. Mode 0700. */
  home: string;
  /** The user's configuration file (JSON). */
  config: string;
  /** Unix socket of the daemon. */
  socket: string;
  /** Unix socket at which what comes out of workstations reaches the gateway. */
  modelsSocket: string;
  /** Folder of the sockets; private (0700), and outside of `home` only when `home` is too long. */
  socketFolder: string;
  /** `daemon.json`, see src/client/registration.ts. */
  registration: string;
  /** Bearer token for HTTP over TCP. Mode 0600. */
  token: string;
  log: string;
  lock: string;
  /** The embedded database. */
  data: string;
  /** What can be made again: pictures, unpacked libraries. */
  cache: string;
}

type Environment = Record<string, string | undefined>;

/**
 * The paths of the home that the environment names: `NEXORA_HOME`, else the XDG folders.
 *
 * The socket lives in the state folder, not in `XDG_RUNTIME_DIR`: cron jobs and `sudo` lack that
 * variable, and must find the same daemon as the user's shell.
 */
export function pathsOf(env: Environment = process.env, uid = process.getuid?.() ?? 0): Paths {
  const user = env.HOME || homedir();
  const xdg = (name: string, fallback: string) => {
    const given = env[name] ?? "";
    // "All paths must be absolute … consider the path invalid and ignore it" (XDG Base Directory).
    return join(isAbsolute(given) ? given : join(user, fallback), "nexora");
  };
  const own = env.NEXORA_HOME ? resolve(env.NEXORA_HOME) : undefined;
  const home = own ?? xdg("XDG_STATE_HOME", ".local/state");
  const socketFolder = fitting(home, uid);
  return {
    home,
    config: join(own ?? xdg("XDG_CONFIG_HOME", ".config"), "config.json"),
    socket: join(socketFolder, "nexora.sock"),
    modelsSocket: join(socketFolder, "models.sock"),
    socketFolder,
    registration: join(home, "daemon.json"),
    token: join(home, "token"),
    log: join(home, "daemon.log"),
    lock: join(home, "lock"),
    data: join(home, "data"),
    cache: own ? join(own, "cache") : xdg("XDG_CACHE_HOME", ".cache"),
  };
}

/** `home` when a socket's path fits in it, else a short folder that is as unique as `home`. */
function fitting(home: string, uid: number): string {
  if (Buffer.byteLength(join(home, "nexora.sock")) <= maxSocketPath) return home;
  // Loaded only here: most homes are short, and every command asks for its paths.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = createHash("sha256").update(home).digest("hex").slice(0, 16);
  return join(tmpdir(), `nexora-${uid}-${hash}`);
}
