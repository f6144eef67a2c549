import { delay } from "../../src/abort.ts";
import type { Bench } from "./bench.ts";
import { interleave, type Subject } from "./measure.ts";
import { binary } from "./nexora.ts";
import { wholeProcess } from "./run.ts";
import type { Row } from "./table.ts";

const text = "echo The quick fox. ";

/** 20 characters into the terminal: over HTTP, by the command line, by `docker exec xdotool`. */
export async function benchTyping({ nexora, signal }: Bench): Promise<Row[]> {
  const session = await nexora.newSession();
  try {
    const container = await nexora.container(session);
    const path = `/v1/sessions/${session.id}`;
    const clear = () => nexora.call("POST", `${path}/key`, { keys: ["ctrl+u"] });
    // What follows a key at once is kept apart from it, which is a row of its own.
    const clearAndRest = async () => {
      await clear();
      await delay(200, signal);
    };
    const xdotool = ["docker", "exec", "-e", "DISPLAY=:1", container, "xdotool", "type"];
    const typed = (run: Subject["run"]): Subject => ({ run, after: clearAndRest });
    const post = () => nexora.call("POST", `${path}/type`, { text });
    const { http, cli, usual, undelayed, afterKey } = await interleave(
      {
        http: typed(post),
        afterKey: { run: post, after: clear },
        usual: typed(wholeProcess([...xdotool, text], { signal })),
        cli: typed(
          wholeProcess([binary, "type", "-s", session.id, text], { signal, env: nexora.env }),
        ),
        undelayed: typed(wholeProcess([...xdotool, "--delay", "0", text], { signal })),
      },
      { samples: 25, burst: 5, signal },
    );
    return [
      {
        what: "POST type, 20 characters, until the terminal has them",
        unit: "ms",
        ours: http,
        theirs: { what: "docker exec xdotool type", summary: usual },
        goal: { faster: 20 },
      },
      {
        what: "POST type, against xdotool's fastest",
        unit: "ms",
        ours: http,
        theirs: { what: "docker exec xdotool type --delay 0", summary: undelayed },
      },
      { what: "POST type, right after a key", unit: "ms", ours: afterKey },
      {
        what: "nexora type, whole process",
        unit: "ms",
        ours: cli,
        theirs: { what: "docker exec xdotool type", summary: usual },
        goal: { atMost: 20 },
      },
    ];
  } finally {
    await nexora.removeSession(session);
  }
}
