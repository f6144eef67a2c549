import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { Bench } from "./bench.ts";
import { interleave } from "./measure.ts";
import { binary } from "./nexora.ts";
import { wholeProcess } from "./run.ts";
import type { Row } from "./table.ts";

/** `true` in a workstation: over HTTP, by the command line, by `docker exec`, by Docker's API. */
export async function benchExec({ nexora, signal }: Bench): Promise<Row[]> {
  const session = await nexora.newSession();
  try {
    const container = await nexora.container(session);
    const path = `/v1/sessions/${session.id}/exec`;
    const engine = connectDocker().getContainer(container);
    const own = { signal, env: nexora.env };
    const { http, program, cli, docker, api } = await interleave(
      {
        // One word is a line for a login shell; several are a program.
        http: { run: () => nexora.call("POST", path, { command: ["true"] }) },
        program: { run: () => nexora.call("POST", path, { command: ["env", "true"] }) },
        docker: { run: wholeProcess(["docker", "exec", container, "true"], { signal }) },
        cli: { run: wholeProcess([binary, "exec", "-s", session.id, "true"], own) },
        api: {
          async run() {
            const exec = await engine.exec({ Cmd: ["true"], AttachStdout: true });
            const stream = await exec.start({});
            stream.resume();
            await new Promise((resolve) => stream.once("end", resolve));
            await exec.inspect();
          },
        },
      },
      { samples: 60, warmUp: 10, signal },
    );
    return [
      {
        what: "POST exec true",
        unit: "ms",
        ours: http,
        theirs: { what: "docker exec true", summary: docker },
        goal: { faster: 20, atMost: 4 },
      },
      {
        what: "POST exec of a program, without a shell or a client's process",
        unit: "ms",
        ours: program,
        theirs: { what: "exec by the Docker API", summary: api },
      },
      {
        what: "nexora exec true, whole process",
        unit: "ms",
        ours: cli,
        theirs: { what: "docker exec true", summary: docker },
        goal: { faster: 4 },
      },
    ];
  } finally {
    await nexora.removeSession(session);
  }
}
