import { join } from "node:path";
import { vncAuthResponse } from "../../src/rfb/vnc-auth.ts";
import { baseImage } from "./workstations.ts";

const script = await Bun.file(join(import.meta.dir, "xdraw.py")).text();

/** The obfuscation of VNC password files: DES under a key that everybody knows. */
function obfuscated(password: string): string {
  const padded = new Uint8Array(8);
  padded.set(new TextEncoder().encode(password).subarray(0, 8));
  return Buffer.from(vncAuthResponse("\x17Rk\x06#NX\x07", padded)).toString("hex");
}

/** A real X server with VNC in a container of its own; `await using` removes it. */
export class Xvnc implements AsyncDisposable {
  readonly hostname = "127.0.0.1";
  readonly password = "s3cr3t-p";

  private removed = false;

  private constructor(
    readonly container: string,
    readonly port: number,
  ) {}

  static async start(
    options: { size?: string; args?: readonly string[]; port?: number } = {},
  ): Promise<Xvnc> {
    const container = `nexora-test-xvnc-${crypto.randomUUID().slice(0, 8)}`;
    const password = obfuscated("s3cr3t-p");
    const size = options.size ?? "320x200";
    const server = Bun.spawn(
      `docker run --rm --name ${container} -p 127.0.0.1:${options.port ?? ""}:5900 --entrypoint Xvnc ${baseImage} :1
       -displayfd 1 -rfbport 5900 -geometry ${size} -depth 24 -SecurityTypes VncAuth -Password ${password}
       -FrameRate 1000 -UseBlacklist 0 -AlwaysShared ${(options.args ?? []).join(" ")}`
        .trim()
        .split(/\s+/),
      { stdout: "pipe", stderr: "pipe", stdin: "ignore" },
    );
    const first = await server.stdout.getReader().read();
    if (first.done) throw new Error(`Xvnc did not start: ${await server.stderr.text()}`);
    const port = (await run(["docker", "port", container, "5900"])).toString().split(":").pop();
    return new Xvnc(container, Number(port));
  }

  /** Runs a program beside the server and gives its output. */
  exec(...command: string[]): Promise<Buffer> {
    return run(["docker", "exec", "-e", "DISPLAY=:1", this.container, ...command]);
  }

  /** Starts a program that goes on. */
  spawn(...command: string[]): Promise<Buffer> {
    return run(["docker", "exec", "-d", "-e", "DISPLAY=:1", this.container, ...command]);
  }

  /** Runs commands of xdraw.py. */
  draw(commands: string): Promise<Buffer> {
    return this.exec("python3", "-c", script, ...commands.split(/\s+/));
  }

  /** Stops every process of the server, which keeps its connections. */
  freeze(): Promise<Buffer> {
    return run(["docker", "pause", this.container]);
  }

  thaw(): Promise<Buffer> {
    return run(["docker", "unpause", this.container]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.removed) return;
    this.removed = true;
    await run(["docker", "rm", "-f", this.container]);
  }
}

async function run(command: string[]): Promise<Buffer> {
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe", stdin: "ignore" });
  const [out, problem, code] = await Promise.all([
    child.stdout.bytes(),
    child.stderr.text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.slice(0, 3).join(" ")}: exit ${code}: ${problem}`);
  return Buffer.from(out);
}
