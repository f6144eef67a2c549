import { untilBanner } from "./banner.ts";
import { Container, hasImage } from "./docker.ts";
import { baseImage } from "./nexora.ts";
import { run } from "./run.ts";

const image = "nexora-bench:x11vnc";
const dockerfile = `FROM ${baseImage}
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends xvfb x11vnc \\
 && rm -rf /var/lib/apt/lists/*
`;
const password = "bench123";
const startDeadlineMs = 30_000;

/** The usual desktop in a container: Xvfb, fluxbox, xterm and x11vnc with its defaults. */
const desktop = (width: number, height: number) => `
Xvfb :1 -screen 0 ${width}x${height}x24 & export DISPLAY=:1
until xdpyinfo > /dev/null 2>&1; do sleep 0.05; done
fluxbox -rc /usr/share/nexora/fluxbox/init & xterm -maximized &
until xdotool search --onlyvisible --class xterm windowfocus > /dev/null 2>&1; do sleep 0.1; done
exec x11vnc -display :1 -forever -shared -quiet -rfbport 5900 -passwd ${password}
`;

export interface UsualDesktop extends AsyncDisposable {
  address: { hostname: string; port: number; password: string };
}

/** Starts it on a loopback port and resolves when its display answers. */
export async function startX11vnc(
  port: number,
  { width, height }: { width: number; height: number },
  signal: AbortSignal,
): Promise<UsualDesktop> {
  if (!(await hasImage(image, signal))) {
    await run(["docker", "build", "-t", image, "-"], { signal, input: dockerfile });
  }
  const publish = ["-p", `127.0.0.1:${port}:5900`, "-e", "HOME=/tmp", "--user", "1000:1000"];
  const shell = ["--entrypoint", "bash", image, "-c", desktop(width, height)];
  const container = await Container.start([...publish, "--init", ...shell], signal);
  try {
    const address = { hostname: "127.0.0.1", port, password };
    await untilBanner(port, AbortSignal.any([signal, AbortSignal.timeout(startDeadlineMs)]));
    return { address, [Symbol.asyncDispose]: () => container[Symbol.asyncDispose]() };
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}
