import { Readable } from "node:stream";
import type Docker from "dockerode";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { BuildEvent } from "../../../../src/contract/image.ts";
import { type LineOptions, readLines } from "../../../../src/lines.ts";
import { codeOf } from "../../../../src/thrown.ts";
import { failureOf } from "./failure.ts";
import { messages } from "./ndjson.ts";

/** How its output is read: a progress bar's states are lines, too. */
const printed: LineOptions = { maxBytes: 4096, overlong: "cut", carriageReturns: true };
/** Longest that a base image may take to be made, in milliseconds. */
const deadlineMs = 15 * 60_000;

/** The suite of a reference to Debian's own image, for example `trixie`; null for any other. */
export function suiteOf(reference: string): string | null {
  const match = /^(?:(?:docker\.io\/)?library\/)?debian:([a-z]+?)(?:-slim)?$/.exec(reference);
  return match?.[1] ?? null;
}

/**
 * Makes an image of a minimal Debian from its package mirror with mmdebstrap, and gives it the
 * reference. Throws `engine_failed` when mmdebstrap is missing or fails.
 */
export async function* bootstrap(
  docker: Docker,
  options: { reference: string; suite: string; mirror?: string | undefined },
  signal?: AbortSignal,
): AsyncGenerator<BuildEvent> {
  const { reference, suite } = options;
  const program = Bun.which("mmdebstrap");
  if (program === null) {
    throw new NexoraError(
      "engine_failed",
      `${reference} cannot be pulled, and mmdebstrap, which would make it from Debian's mirror, is not installed`,
      {
        hint: "run `sudo apt-get install mmdebstrap debian-archive-keyring`, or `docker load` the image",
      },
    );
  }
  yield { type: "log", text: `making ${reference} from ${options.mirror ?? "Debian's mirror"}` };
  const deadline = AbortSignal.timeout(deadlineMs);
  const ending = signal ? AbortSignal.any([signal, deadline]) : deadline;
  // Without a mirror, mmdebstrap takes Debian's own, with updates and security updates.
  const sources = options.mirror === undefined ? [] : [`deb ${options.mirror} ${suite} main`];
  const child = startMmdebstrap(program, [suite, "-", ...sources]);
  const tar = Readable.fromWeb(child.stdout as Parameters<typeof Readable.fromWeb>[0]);
  const stop = () => {
    // Without a reader its tar would wait for ever.
    tar.destroy();
    endGroup(child.pid);
  };
  ending.addEventListener("abort", stop, { once: true });
  const log: string[] = [];
  const imported = importTar(docker, tar, ending);
  // Its own error is only of interest once mmdebstrap has succeeded.
  imported.catch(() => {});
  for await (const text of readLines(child.stderr, printed)) {
    if (text.trim() === "") continue;
    if (log.push(text) > 20) log.shift();
    yield { type: "log", text };
  }
  const status = await child.exited;
  ending.removeEventListener("abort", stop);
  ending.throwIfAborted();
  if (status !== 0) {
    const id = await imported.catch(() => null);
    if (id !== null)
      await docker
        .getImage(id)
        .remove()
        .catch(() => {});
    throw mmdebstrapFailed(reference, status, log);
  }
  const id = await imported;
  const colon = reference.lastIndexOf(":");
  const name = { repo: reference.slice(0, colon), tag: reference.slice(colon + 1) };
  await docker.getImage(id).tag({ ...name, abortSignal: ending });
}

/** Starts it as the leader of a process group, which writes the file system's tar to its output. */
function startMmdebstrap(program: string, rest: string[]) {
  const without = ["doc", "man", "info", "locale"];
  return Bun.spawn(
    [
      ...[program, "--variant=minbase", "--include=ca-certificates", "--format=tar"],
      ...without.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
      ...["--dpkgopt=path-include=/usr/share/doc/*/copyright", ...rest],
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe", detached: true },
  );
}

/** Ends the apt and tar that mmdebstrap waits for too; it then removes what it has unpacked. */
function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGTERM");
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}

/** Imports a file system without giving it a name; returns the image's id. */
async function importTar(docker: Docker, tar: Readable, signal: AbortSignal): Promise<string> {
  const stream = await docker.importImage(tar, {
    changes: ['CMD ["bash"]', "LABEL nexora.base=mmdebstrap"],
    abortSignal: signal,
  });
  let id = "";
  for await (const message of messages(stream)) {
    const failure = failureOf(message);
    if (failure !== undefined) {
      throw new NexoraError("engine_failed", `the engine refused the base image: ${failure}`);
    }
    if (typeof message.status === "string" && /^sha256:[0-9a-f]{64}$/.test(message.status)) {
      id = message.status;
    }
  }
  if (id === "") throw new NexoraError("engine_failed", "the engine did not name what it imported");
  return id;
}

function mmdebstrapFailed(reference: string, status: number, log: string[]): NexoraError {
  const text = log.join("\n");
  const errors = log.filter((line) => line.startsWith("E: ") && !/failed( to run)?$/.test(line));
  const reasons = errors.length > 0 ? errors : log.slice(-3);
  const keys = /NO_PUBKEY|not signed|keyring/i.test(text);
  const users = /unshare|newuidmap|subuid|user namespaces/i.test(text);
  return new NexoraError(
    /no space left/i.test(text) ? "disk_full" : "engine_failed",
    `mmdebstrap could not make ${reference} (status ${status}): ${reasons.join("\n  ")}`,
    {
      hint: keys
        ? "this system lacks the keys of that Debian release: install a newer debian-archive-keyring"
        : users
          ? "run the build once as root, or install uidmap: `sudo apt-get install uidmap`"
          : "check that Debian's mirror can be reached, or name another one with --mirror",
      details: { log },
    },
  );
}
