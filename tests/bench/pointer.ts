import type { Output } from "../../src/contract/index.ts";
import type { Bench } from "./bench.ts";
import { interleave } from "./measure.ts";
import { run, wholeProcess } from "./run.ts";
import type { Row } from "./table.ts";

/** Writes another number at each press of a button, of which xterm tells with six bytes. */
const counter =
  "printf '\\e[?1000h'; n=0; while IFS= read -rsn6 _; do n=$((n + 1)); printf '\\rpresses: %d' $n; done";
const [x, y] = [400, 300];

/** A click until its pixels are seen, and the list of windows, beside `docker exec xdotool`. */
export async function benchPointer({ nexora, signal }: Bench): Promise<Row[]> {
  const session = await nexora.newSession();
  try {
    const path = `/v1/sessions/${session.id}`;
    const container = await nexora.container(session);
    const inside = ["docker", "exec", "-e", "DISPLAY=:1", container];
    const wait = { text: ["presses: "] };
    await nexora.call("POST", `${path}/type`, {
      text: `bash -c "${counter.replaceAll("$", "\\$")}"`,
      enter: true,
    });
    await nexora.call("POST", `${path}/click`, { at: { x, y }, wait });
    const change = { change: true, timeoutMs: 5000 };
    const look = { text: false, image: true };
    const click = (then: object) => () =>
      nexora.call<Output<"click">>("POST", `${path}/click`, { at: { x, y }, ...then });
    const xdotool = `xdotool mousemove ${x} ${y} click 1`;
    const theirs = [...inside, "sh", "-c", `${xdotool} && scrot -o /tmp/shot.png`];
    const names = "xdotool search --onlyvisible --name . getwindowname %@ getwindowgeometry %@";
    const { changed, seen, usual, windows, listed } = await interleave(
      {
        changed: { run: click({ wait: change }) },
        seen: { run: click({ wait: change, thenScreen: look, settleMs: 0 }) },
        usual: { run: wholeProcess(theirs, { signal }) },
        windows: { run: () => nexora.call("GET", `${path}/windows`) },
        listed: { run: () => run([...inside, "sh", "-c", names], { signal }) },
      },
      { samples: 40, burst: 5, signal },
    );
    return [
      {
        what: "POST click, until a pixel has changed",
        unit: "ms",
        ours: changed,
        theirs: { what: "docker exec xdotool click, scrot", summary: usual },
        goal: { faster: 10 },
      },
      {
        what: "the same, with the picture",
        unit: "ms",
        ours: seen,
        theirs: { what: "docker exec xdotool click, scrot", summary: usual },
      },
      {
        what: "GET windows",
        unit: "ms",
        ours: windows,
        theirs: { what: "docker exec xdotool search", summary: listed },
      },
    ];
  } finally {
    await nexora.removeSession(session);
  }
}
