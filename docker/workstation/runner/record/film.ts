import { NexoraError } from "../../../../src/contract/errors.ts";
import { display } from "../account.ts";
import { yieldingMemory } from "../exec/oom.ts";
import type { Limits, Take } from "./take.ts";

/** How long the encoder may take to finish its file, in milliseconds. */
const finishMs = 5_000;

/** Films the desktop into a WebM file with the image's ffmpeg. Throws `action_failed` when it has none. */
export function startFilm(
  path: string,
  { forMs, maxBytes, fps }: Limits & { fps: number },
  env: Record<string, string>,
): Take {
  const ffmpeg = Bun.which("ffmpeg", { PATH: env.PATH ?? "" });
  if (!ffmpeg)
    throw new NexoraError("action_failed", "the session's image has no ffmpeg to film with");
  // Nobody would stop it when the runner has died: then the kernel does.
  const setpriv = Bun.which("setpriv", { PATH: env.PATH ?? "" });
  const leashed = setpriv ? [setpriv, "--pdeathsig", "INT", "--"] : [];
  const child = yieldingMemory(() =>
    Bun.spawn(
      [
        ...[...leashed, ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin"],
        ...["-f", "x11grab", "-draw_mouse", "1", "-framerate", String(fps), "-i", display],
        // VP8 for its speed: what stands still is skipped, and text stays legible.
        ...["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-threads", "1"],
        ...["-b:v", "2M", "-crf", "10", "-static-thresh", "100", "-pix_fmt", "yuv420p"],
        ...["-t", String(forMs / 1000), "-fs", String(maxBytes), "-f", "webm", "-y", path],
      ],
      { env, cwd: "/", stdio: ["ignore", "ignore", "pipe"], detached: true },
    ),
  );
  const said = new Response(child.stderr).text();
  let isStopped = false;
  const ended = child.exited.then(async (status) => {
    const failed = !isStopped && status !== 0;
    if (!failed) {
      const isFull = Bun.file(path).size >= 0.95 * maxBytes;
      return { why: isStopped ? "stopped" : isFull ? "size" : "time", error: null } as const;
    }
    const error = (await said).trim().split("\n").at(-1) || `ffmpeg ended with status ${status}`;
    return { why: "failed", error } as const;
  });
  return {
    ended,
    async stop() {
      isStopped = true;
      // It writes the end of its file then.
      child.kill("SIGINT");
      const late = setTimeout(() => child.kill("SIGKILL"), finishMs);
      await ended;
      clearTimeout(late);
    },
  };
}
