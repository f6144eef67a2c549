import type { Session } from "../../src/contract/session.ts";
import { untilBanner } from "./banner.ts";
import type { Bench } from "./bench.ts";
import { Container } from "./docker.ts";
import { freePort } from "./free-port.ts";
import { interleave, type Summary } from "./measure.ts";
import { baseImage } from "./nexora.ts";
import type { Row } from "./table.ts";

const bannerDeadlineMs = 30_000;

/**
 * A session until READY, new or stopped before, against `docker run` of its image with Xvnc alone
 * until it speaks RFB.
 */
export async function benchStartup({ nexora, signal }: Bench): Promise<Row[]> {
  let session: Session | null = null;
  let container: Container | null = null;
  let port = await freePort();
  const stopped = await nexora.newSession();
  await nexora.stopSession(stopped);
  try {
    const { theirs, opened, started } = await interleave(
      {
        theirs: {
          async run() {
            const xvnc = [":1", "-rfbport", "5900", "-SecurityTypes", "None"];
            const geometry = ["-geometry", "1920x1080", "-depth", "24"];
            const options = ["-p", `127.0.0.1:${port}:5900`, "--entrypoint", "Xvnc", baseImage];
            container = await Container.start([...options, ...xvnc, ...geometry], signal);
            await untilBanner(
              port,
              AbortSignal.any([signal, AbortSignal.timeout(bannerDeadlineMs)]),
            );
          },
          async after() {
            await container?.[Symbol.asyncDispose]();
            container = null;
            port = await freePort();
          },
        },
        opened: {
          async run() {
            session = await nexora.newSession();
          },
          async after() {
            if (session) await nexora.removeSession(session);
            session = null;
          },
        },
        started: {
          run: () => nexora.startSession(stopped),
          after: () => nexora.stopSession(stopped),
        },
      },
      { samples: 10, warmUp: 1, signal },
    );
    const baseline = { what: "docker run Xvnc → RFB banner", summary: theirs };
    const goal = { ofTheirs: 1.4, atMost: 300 };
    const row = (what: string, ours: Summary): Row => ({
      what: `${what} → READY, prompt on the screen`,
      unit: "ms",
      ours,
      theirs: baseline,
      goal,
    });
    return [row("session new", opened), row("session start", started)];
  } finally {
    await (container as Container | null)?.[Symbol.asyncDispose]();
    await nexora.removeSession(stopped);
  }
}
