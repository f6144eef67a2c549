import type { ScreenOutput } from "../../src/contract/screen.ts";
import type { Bench } from "./bench.ts";
import { interleave } from "./measure.ts";
import { binary } from "./nexora.ts";
import { wholeProcess } from "./run.ts";
import type { Row } from "./table.ts";
import { fillScreen } from "./workload.ts";

/** Longest that a character takes to its pixels, in milliseconds. */
const paintMs = 50;

/** Pictures and text of a full terminal, over HTTP and by the command line. */
export async function benchScreen({ nexora, signal }: Bench): Promise<Row[]> {
  const session = await nexora.newSession();
  try {
    await fillScreen(nexora, session);
    const container = await nexora.container(session);
    const path = `/v1/sessions/${session.id}`;
    const look = (query = "") => nexora.call<ScreenOutput>("GET", `${path}/screen?${query}`);
    const revs = new Set<string>();
    const change = async () => {
      await nexora.call("POST", `${path}/type`, { text: "x" });
      await Bun.sleep(paintMs);
    };
    /** Only a picture that nobody has seen counts. */
    const isNew = (rev: string | null) => {
      if (rev === null || revs.has(rev)) throw new Error("the screen did not change in time");
      revs.add(rev);
    };
    const scrot = ["docker", "exec", "-e", "DISPLAY=:1", container, "scrot", "-o", "/tmp/shot.png"];
    await change();
    const png = { accept: "image/png" };
    const { picture, json, shot, text } = await interleave(
      {
        picture: {
          async run() {
            const reply = await nexora.fetch(`${path}/screen`, { headers: png });
            await reply.bytes();
            isNew(reply.headers.get("x-nexora-rev"));
          },
          after: change,
        },
        json: { run: async () => isNew((await look()).rev), after: change },
        shot: { run: wholeProcess(scrot, { signal }) },
        text: {
          run: wholeProcess([binary, "screen", "-s", session.id, "--text"], {
            signal,
            env: nexora.env,
          }),
        },
      },
      { samples: 40, signal },
    );
    const { rev } = await look();
    const { unchanged, status } = await interleave(
      {
        unchanged: { run: () => look(`since=${rev}`) },
        status: { run: () => nexora.call("GET", "/v1/daemon") },
      },
      { samples: 200, warmUp: 50, signal },
    );
    const theirs = { what: "docker exec scrot", summary: shot };
    return [
      {
        what: "GET screen, PNG 1080p after a change",
        unit: "ms",
        ours: picture,
        theirs,
        goal: { faster: 5 },
      },
      { what: "GET screen, the same as JSON with the text", unit: "ms", ours: json, theirs },
      { what: "GET screen, nothing changed, as the caller sees it", unit: "ms", ours: unchanged },
      { what: "GET daemon, the cost of any request", unit: "ms", ours: status },
      {
        what: "nexora screen --text, whole process",
        unit: "ms",
        ours: text,
        goal: { atMost: 20 },
      },
    ];
  } finally {
    await nexora.removeSession(session);
  }
}
