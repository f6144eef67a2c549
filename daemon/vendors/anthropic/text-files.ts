import { NexoraError } from "../../../src/contract/errors.ts";
import type { ExecOutput } from "../../../src/contract/exec.ts";
import type { Exec } from "../../exec/exec.ts";

/** Largest file that is edited, in bytes. */
const maxBytes = 8 * 1024 * 1024;
/** How long reading or writing one may take, in milliseconds. */
const withinMs = 30_000;
const maxListed = 1000;

/** Exit codes of the scripts below. */
const codes = { missing: 44, folder: 45, special: 46, exists: 47, cut: 48 };

const read = `
[ -e "$1" ] || exit ${codes.missing}
[ ! -d "$1" ] || exit ${codes.folder}
[ -f "$1" ] || exit ${codes.special}
exec head -c ${maxBytes + 1} -- "$1"`;

/**
 * All of the text is there before the file is touched, which keeps its mode and owner, and what it had too:
 * unless the disk takes all of the new text, that is put back.
 */
const write = `
old=
new=$(mktemp) || exit 1
trap 'rm -f "$new" "$old"' EXIT
cat >"$new" || exit 1
[ "$(wc -c <"$new")" -eq "$2" ] || exit ${codes.cut}
if [ "$3" = new ]; then
  mkdir -p -- "$(dirname -- "$1")" || exit 1
  if ! (set -C; true >"$1"); then
    [ ! -e "$1" ] || exit ${codes.exists}
    exit 1
  fi
  cat -- "$new" >"$1" && exit 0
  rm -f -- "$1"
else
  old=$(mktemp) || exit 1
  cat -- "$1" >"$old" || exit 1
  cat -- "$new" >"$1" && exit 0
  cat -- "$old" >"$1"
fi
exit 1`;

const list = `
cd -- "$1" || exit 1
find . -mindepth 1 -maxdepth 2 \\( -name '.*' -o -name node_modules \\) -prune -o -type d -printf '%P/\\n' -o -printf '%P\\n' |
  LC_ALL=C sort | head -n ${maxListed + 1}`;

/** Text files of workstations. What it throws is said as the vendor's documents say it. */
export class TextFiles {
  constructor(private readonly exec: Pick<Exec, "run">) {}

  /** All of a file; null for a folder. Throws `not_found` and `action_failed`. */
  async read(session: string, path: string, signal: AbortSignal): Promise<string | null> {
    const done = await this.script(session, read, [path], "", signal);
    if (done.exitCode === codes.folder) return null;
    if (done.exitCode === codes.missing) throw new NexoraError("not_found", "File not found");
    if (done.exitCode === codes.special) throw failed("it is no file of text");
    if (done.exitCode !== 0) throw failed(denied(done, "Cannot read file."));
    if (done.stdoutEncoding !== "utf8") throw failed("the file is not text in UTF-8");
    if (Buffer.byteLength(done.stdout) > maxBytes) throw failed("the file is larger than 8 MiB");
    return done.stdout;
  }

  /** `create`: only when there is none yet, and its folders with it. */
  async write(
    session: string,
    path: string,
    text: string,
    { create = false },
    signal: AbortSignal,
  ): Promise<void> {
    const size = String(Buffer.byteLength(text));
    const words = [path, size, create ? "new" : "old"];
    const done = await this.script(session, write, words, text, signal);
    if (done.exitCode === codes.exists) {
      throw failed(
        `File already exists at: ${path}. It is not overwritten; use str_replace, or remove it`,
      );
    }
    if (done.exitCode !== 0) throw failed(denied(done, "Cannot write to file."));
  }

  async remove(session: string, path: string, signal: AbortSignal): Promise<void> {
    const done = await this.script(session, 'rm -f -- "$1"', [path], "", signal);
    if (done.exitCode !== 0) throw failed(denied(done, "Cannot remove file."));
  }

  /** Two levels of a folder, without what is hidden. */
  async list(session: string, path: string, signal: AbortSignal): Promise<string[]> {
    const done = await this.script(session, list, [path], "", signal);
    if (done.exitCode !== 0) throw failed(denied(done, "Cannot read folder."));
    // A name need not be UTF-8.
    const isText = done.stdoutEncoding === "utf8";
    const text = isText ? done.stdout : Buffer.from(done.stdout, "base64").toString();
    const names = text.split("\n").filter((name) => name !== "");
    return names.length > maxListed ? [...names.slice(0, maxListed), "…"] : names;
  }

  private script(
    session: string,
    script: string,
    words: readonly string[],
    stdin: string,
    signal: AbortSignal,
  ): Promise<ExecOutput> {
    const command = ["/bin/sh", "-c", script, "sh", ...words];
    const spec = { command, detach: false, tty: null, timeoutMs: withinMs };
    return this.exec.run(session, spec, Buffer.from(stdin), signal);
  }
}

function denied({ stderr, timedOut }: ExecOutput, what: string): string {
  if (timedOut) return `it has taken longer than ${withinMs / 1000} seconds. ${what}`;
  // What the system says stands at the end of what the shell and the programs say.
  const why = stderr.trim().split("\n").at(-1)?.split(": ").at(-1) ?? "";
  return why === "" ? what : `${why.slice(0, 200)}. ${what}`;
}

function failed(message: string): NexoraError {
  return new NexoraError("action_failed", message);
}
