import type { ScreenOutput } from "../../src/contract/screen.ts";
import { appsImage } from "../support/apps-image.ts";
import type { Bench } from "./bench.ts";
import { interleave } from "./measure.ts";
import { run, wholeProcess } from "./run.ts";
import type { Row } from "./table.ts";

const question = "Save the changes before closing?";
const windows = [
  // Those of xterm's own class are maximized.
  ["xterm", "-class", "Own", "-geometry", "90x20+40+560", "-e", "ls -l /usr/bin; exec cat"],
  ["zenity", "--question", "--title", "ask", "--text", question],
];

/** The text of three windows, two terminals and a dialog of GTK, beside a picture that tesseract reads. */
export async function benchDesktop({ nexora, signal }: Bench): Promise<Row[]> {
  const session = await nexora.newSession({ image: appsImage });
  try {
    const path = `/v1/sessions/${session.id}`;
    await nexora.call("POST", `${path}/type`, { text: "ls -l /usr/bin\n", wait: { prompt: true } });
    for (const target of windows) await nexora.call("POST", `${path}/open`, { target });
    const shown = { all: true, text: [question], stableMs: 500 };
    await nexora.call("POST", `${path}/wait`, shown);
    const look = () => nexora.call<ScreenOutput>("GET", `${path}/screen?image=false`);
    const { text } = await look();
    const sources = text?.filter(({ lines }) => lines.length > 0).map(({ source }) => source);
    if (sources?.sort().join() !== "accessibility,terminal,terminal") {
      throw new Error(`the three windows are not read: ${JSON.stringify(text)}`);
    }
    const { texts, list } = await interleave(
      { texts: { run: look }, list: { run: () => nexora.call("GET", `${path}/windows`) } },
      { samples: 100, burst: 10, warmUp: 5, signal },
    );
    const inside = ["docker", "exec", "-e", "DISPLAY=:1", await nexora.container(session)];
    const names = "xdotool search --onlyvisible --name . getwindowname %@ getwindowgeometry %@";
    const recognise = "scrot -o /tmp/shot.png && tesseract /tmp/shot.png -";
    const { recognised, listed } = await interleave(
      {
        recognised: { run: wholeProcess([...inside, "sh", "-c", recognise], { signal }) },
        listed: { run: () => run([...inside, "sh", "-c", names], { signal }) },
      },
      { samples: 5, signal },
    );
    return [
      {
        what: "GET screen, the text of two terminals and a GTK dialog",
        unit: "ms",
        ours: texts,
        theirs: { what: "docker exec scrot, tesseract", summary: recognised },
        goal: { atMost: 30 },
      },
      {
        what: "GET windows, of three",
        unit: "ms",
        ours: list,
        theirs: { what: "docker exec xdotool search", summary: listed },
      },
    ];
  } finally {
    await nexora.removeSession(session);
  }
}
