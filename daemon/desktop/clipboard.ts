import { NexoraError } from "../../src/contract/errors.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Exec } from "../exec/exec.ts";

export type Selection = "clipboard" | "primary";

/** How long the program that owns a selection may take to give it, in milliseconds. */
const answerMs = 5_000;
/** Longest list of types that is believed, in characters. */
const maxTypes = 16 * 1024;
const textTypes = ["UTF8_STRING", "text/plain;charset=utf-8", "STRING", "TEXT"];
const pictureType = "image/png";
/** PNG specification, 5.2. */
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The selections of a session's X server, by xclip, which is part of the image. */
export class Clipboard {
  constructor(private readonly exec: Pick<Exec, "run">) {}

  /** What can be had, as X names it; none when nobody owns the selection. */
  async types(session: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    const result = await this.ask(session, selection, "TARGETS", signal);
    if (result.timedOut) throw failed("read", result);
    // xclip fails when nobody owns the selection.
    if (result.exitCode !== 0) return [];
    return result.stdout
      .slice(0, maxTypes)
      .split("\n")
      .filter((it) => it !== "");
  }

  async text(
    session: string,
    selection: Selection,
    types: readonly string[],
    signal: AbortSignal,
  ): Promise<string | null> {
    const type = textTypes.find((each) => types.includes(each));
    if (type === undefined) return null;
    const { stdout, stdoutEncoding } = await this.content(session, selection, type, signal);
    // X's STRING is Latin-1, and some programs do not care.
    return stdoutEncoding === "utf8" ? stdout : Buffer.from(stdout, "base64").toString("latin1");
  }

  /** A PNG; null when its owner has none. */
  async picture(
    session: string,
    selection: Selection,
    types: readonly string[],
    signal: AbortSignal,
  ): Promise<Buffer | null> {
    if (!types.includes(pictureType)) return null;
    const { stdout, stdoutEncoding } = await this.content(session, selection, pictureType, signal);
    return Buffer.from(stdout, stdoutEncoding === "utf8" ? "utf8" : "base64");
  }

  /** Resolves when the selection is ours; a program in the workstation keeps it from then on. */
  async set(
    session: string,
    selection: Selection,
    content: { text: string } | { picture: Uint8Array },
    signal: AbortSignal,
  ): Promise<number> {
    const bytes = "text" in content ? Buffer.from(content.text) : content.picture;
    if ("picture" in content && !pngSignature.equals(bytes.subarray(0, pngSignature.length))) {
      throw new NexoraError("usage", "the picture is not a PNG; the clipboard was not changed");
    }
    const target = "text" in content ? "UTF8_STRING" : pictureType;
    // What xclip leaves running must not keep our pipes open.
    const line = `exec xclip -selection ${selection} -in -target ${target} >/dev/null 2>&1`;
    const spec = { command: ["sh", "-c", line], detach: false, tty: null, timeoutMs: answerMs };
    const result = await this.exec.run(session, spec, bytes, signal);
    if (result.exitCode !== 0) throw failed("set", result);
    return bytes.length;
  }

  private async content(
    session: string,
    selection: Selection,
    type: string,
    signal: AbortSignal,
  ): Promise<ExecOutput> {
    const result = await this.ask(session, selection, type, signal);
    if (result.exitCode !== 0) throw failed("read", result);
    if (result.truncated) {
      throw new NexoraError("action_failed", "the clipboard holds more than 64 MiB", {
        hint: "copy less at once, or write it to a file",
      });
    }
    return result;
  }

  private ask(session: string, selection: Selection, type: string, signal: AbortSignal) {
    const command = ["xclip", "-selection", selection, "-out", "-target", type];
    const spec = { command, detach: false, tty: null, timeoutMs: answerMs };
    return this.exec.run(session, spec, new Uint8Array(), signal);
  }
}

function failed(what: string, { timedOut, stderr }: ExecOutput): NexoraError {
  const why = timedOut
    ? `the program that owns it has not answered within ${answerMs / 1000} s`
    : stderr.trim().split("\n")[0] || "xclip failed";
  return new NexoraError("action_failed", `the clipboard could not be ${what}: ${why}`, {
    hint: "look at the screen; an image of your own needs the package xclip",
  });
}
