import { posix } from "node:path";
import type { Check, Expectation } from "../../src/contract/expect.ts";
import type { Exec } from "../exec/exec.ts";
import type { RunnerFiles } from "../runner/files.ts";
import type { MatchPatterns } from "../waits/text-checks.ts";
import { no, unknown, unlessSilent, whether, yes } from "./answers.ts";

type Asked = Pick<Expectation, "file" | "fileGone" | "fileText">;

export interface FileParts {
  files: Pick<RunnerFiles, "stat">;
  exec: Pick<Exec, "run">;
}

/** Where relative paths start, and what `~` stands for: as for the runner, and `nexora cp`. */
const [workspace, home] = ["/workspace", "/home/nexora"];
/** Bytes of a file that are read, and how long that may take, in milliseconds. */
const maxBytes = 4 * 1024 * 1024;
const readMs = 5_000;

/** Whether files inside are there, and what they contain. */
export async function fileAnswers(
  { files, exec }: FileParts,
  session: string,
  { file, fileGone, fileText }: Asked,
  matches: MatchPatterns,
  signal: AbortSignal,
): Promise<Check[]> {
  const look = async (given: string) => {
    const path = placeOf(given);
    return { path, ...(await files.stat(session, path, signal)) };
  };
  const is = (condition: string, path: string, wanted: boolean) =>
    unlessSilent(
      [condition],
      async () => {
        const found = await look(path);
        if (found.type === "link") return [no(condition, leadsNowhere, { file: found })];
        const isThere = found.type !== "none";
        const why = isThere ? "it is there" : "there is nothing at that path";
        return [whether(isThere === wanted, condition, why, { file: found })];
      },
      signal,
    );
  const has = (path: string, pattern: string) => {
    const condition = `file-text=${path}=${pattern}`;
    const answer = async () => {
      const found = await look(path);
      const seen = { file: found };
      if (found.type === "none") return no(condition, "there is no such file", seen);
      if (found.type === "link") return no(condition, leadsNowhere, seen);
      if (found.type !== "file") return no(condition, `it is a ${found.type}, not a file`, seen);
      const { text, missing } = await textOf(exec, session, found.path, signal);
      if (text === null) return unknown(condition, missing ?? "it cannot be read", seen);
      const lines = text.split("\n");
      const [whole, each] = await Promise.all([
        matches([pattern], [text]),
        lines.length <= maxLines ? matches([pattern], lines) : null,
      ]);
      const line = lines[each?.[0]?.indexOf(true) ?? -1]?.slice(0, maxLine) ?? null;
      if (whole[0]?.[0]) return yes(condition, { ...seen, line });
      if (missing !== null) return unknown(condition, `not found, but ${missing}`, seen);
      return no(condition, "its text does not match", seen);
    };
    return unlessSilent([condition], async () => [await answer()], signal);
  };
  const checks = await Promise.all([
    ...file.map((path) => is(`file=${path}`, path, true)),
    ...fileGone.map((path) => is(`file-gone=${path}`, path, false)),
    ...fileText.map(({ path, matches: pattern }) => has(path, pattern)),
  ]);
  return checks.flat();
}

/** Neither there, as `test -e` has it, nor gone, as `rm` would have it. */
const leadsNowhere = "it is a symbolic link that leads nowhere";

/** A path as it is from the root on. */
function placeOf(given: string): string {
  const tilde = /^~(?=\/|$)\/*/;
  return tilde.test(given)
    ? posix.resolve(home, given.replace(tilde, ""))
    : posix.resolve(workspace, given);
}

/** Most lines among which the one that matches is looked for, and the longest that is quoted, in characters. */
const maxLines = 20_000;
const maxLine = 500;

/** A file's text, and what of it is missing; null: it cannot be read. */
async function textOf(
  exec: Pick<Exec, "run">,
  session: string,
  path: string,
  signal: AbortSignal,
): Promise<{ text: string | null; missing: string | null }> {
  const command = ["head", "--bytes", String(maxBytes + 1), "--", path];
  const spec = { command, detach: false, tty: null, timeoutMs: readMs };
  const read = await exec.run(session, spec, new Uint8Array(), signal);
  if (read.timedOut) return { text: null, missing: "it could not be read in time" };
  if (read.exitCode !== 0) {
    return { text: null, missing: read.stderr.trim().split("\n")[0] || "it cannot be read" };
  }
  const bytes = Buffer.from(read.stdout, read.stdoutEncoding);
  const text = bytes.subarray(0, maxBytes).toString("utf8");
  if (bytes.length > maxBytes) {
    // The last line may go on.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    return { text: whole, missing: "only the first 4 MiB of it were read" };
  }
  return { text, missing: read.stdoutEncoding === "utf8" ? null : "it is not UTF-8" };
}
