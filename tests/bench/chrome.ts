import { cpSync } from "node:fs";
import { join } from "node:path";
import { readLines } from "../../src/lines.ts";
import type { Bench } from "./bench.ts";
import { interleave, summarize } from "./measure.ts";
import { binary } from "./nexora.ts";
import { wholeProcess } from "./run.ts";
import type { Row } from "./table.ts";

const image = process.env.NEXORA_TEST_APPS_IMAGE ?? "nexora-workstation:full";
const site = "http://127.0.0.1:8000";
const theirs = "Playwright in the workstation";

/** Our verbs and Playwright on the same tab of one Chromium, turn by turn. */
export async function benchChrome({ nexora, signal }: Bench): Promise<Row[]> {
  const session = await nexora.newSession({ image });
  try {
    const path = `/v1/sessions/${session.id}`;
    const chrome = <T>(method: string, verb: string, fields?: object) =>
      nexora.call<T>(method, `${path}/chrome/${verb}`, fields);
    const beside = (name: string) => join(import.meta.dir, name);
    cpSync(beside("../fixtures/site"), join(nexora.workspace, "site"), { recursive: true });
    cpSync(beside("playwright-inside.mjs"), join(nexora.workspace, "playwright-inside.mjs"));
    await nexora.call("POST", `${path}/exec`, { command: ["node", "site/start.mjs"] });
    const page = { url: `${site}/table` };
    await chrome("POST", "goto", page);
    await using playwright = await Playwright.start(await nexora.container(session), signal);
    const read = await interleave(
      {
        ours: {
          async run() {
            await chrome("POST", "goto", page);
            await chrome("GET", "text");
          },
        },
        theirs: { run: () => playwright.do("read", page) },
      },
      { samples: 40, burst: 5, signal },
    );
    await chrome("POST", "goto", { url: `${site}/nodes?count=2000` });
    const whole = "snapshot?maxOutput=1000000";
    const sizes = {
      ours: (await chrome<{ text: string }>("GET", whole)).text.length,
      theirs: (await playwright.do<number>("snapshot")) ?? 0,
    };
    const snapshot = await interleave(
      {
        ours: { run: () => chrome("GET", whole) },
        theirs: { run: () => playwright.do("snapshot") },
      },
      { samples: 30, burst: 5, signal },
    );
    await chrome("POST", "goto", { url: `${site}/nodes?count=100` });
    const target = 'role=button[name="Buy 7"]';
    const click = await interleave(
      {
        ours: { run: () => chrome("POST", "click", { target }) },
        theirs: { run: () => playwright.do("click", { target }) },
        andLook: { run: () => playwright.do("clickAndLook", { target }) },
      },
      { samples: 40, burst: 5, signal },
    );
    const program = wholeProcess([binary, "chrome", "text", "-s", session.id], {
      signal,
      env: nexora.env,
    });
    const { text } = await interleave(
      { text: { run: program } },
      { samples: 40, burst: 5, signal },
    );
    const toTheirs = (it: { theirs: ReturnType<typeof summarize> }) => ({
      what: theirs,
      summary: it.theirs,
    });
    const goal = { ofTheirs: 1.2 };
    return [
      {
        what: "chrome goto and text of a local page",
        unit: "ms",
        ours: read.ours,
        theirs: toTheirs(read),
        goal,
      },
      {
        what: "chrome snapshot of 2,000 nodes",
        unit: "ms",
        ours: snapshot.ours,
        theirs: toTheirs(snapshot),
        goal,
      },
      {
        what: "the same, its size",
        unit: "chars",
        ours: summarize([sizes.ours]),
        theirs: { what: "ariaSnapshot", summary: summarize([sizes.theirs]) },
        goal: { ofTheirs: 1 },
      },
      { what: "chrome click", unit: "ms", ours: click.ours, theirs: toTheirs(click), goal },
      {
        what: "the same, with what it has changed",
        unit: "ms",
        ours: click.ours,
        theirs: { what: "… and an evaluate of where it is", summary: click.andLook },
      },
      { what: "nexora chrome text, whole process", unit: "ms", ours: text, goal: { atMost: 25 } },
    ];
  } finally {
    await nexora.removeSession(session);
  }
}

/** Playwright inside, doing one thing at a time. */
class Playwright implements AsyncDisposable {
  private constructor(
    private readonly child: Bun.Subprocess<"pipe", "pipe", "inherit">,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static async start(container: string, signal: AbortSignal): Promise<Playwright> {
    const command = ["docker", "exec", "-i", container, "node", "/workspace/playwright-inside.mjs"];
    const child = Bun.spawn(command, { stdio: ["pipe", "pipe", "inherit"], signal });
    const it = new Playwright(child, readLines(child.stdout)[Symbol.asyncIterator]());
    await it.answer();
    return it;
  }

  /** Throws Playwright's own error. */
  async do<T>(what: string, given: object = {}): Promise<T | null> {
    this.child.stdin.write(`${JSON.stringify({ what, ...given })}\n`);
    await this.child.stdin.flush();
    const { result, error } = (await this.answer()) as { result?: T; error?: string };
    if (error !== undefined) throw new Error(`Playwright: ${error}`);
    return result ?? null;
  }

  private async answer(): Promise<unknown> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error("Playwright has ended");
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.stdin.end();
    await this.child.exited;
  }
}
