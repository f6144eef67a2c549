import { randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";

/**
 * Runs a bash script in a hardened container of its own, as a user that has no name: its exit
 * status, and what it wrote to both outputs. The container is gone afterwards.
 */
export async function runScript(
  docker: Docker,
  options: { image: string; script: string; seccomp: object },
): Promise<{ status: number; output: string }> {
  const container = await docker.createContainer({
    name: `nexora-test-${randomBytes(6).toString("hex")}`,
    Image: options.image,
    Entrypoint: ["bash", "-c", options.script],
    Cmd: [],
    User: "12345:12345",
    WorkingDir: "/",
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true", `seccomp=${JSON.stringify(options.seccomp)}`],
      Tmpfs: { "/tmp": "exec,mode=1777", "/run": "mode=1777" },
    },
  });
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const output = new PassThrough();
    docker.modem.demuxStream(stream, output, output);
    stream.once("end", () => output.end());
    await container.start();
    const [{ StatusCode }, written] = await Promise.all([container.wait(), text(output)]);
    return { status: StatusCode, output: written.trim() };
  } finally {
    await container.remove({ force: true });
  }
}
