import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { check, prepare } from "./agent/job-session.ts";
import { jobs } from "./agent/jobs.ts";
import { OurTools } from "./agent/ours.ts";
import { type Desktop, doTheirs } from "./agent/theirs.ts";
import { anthropicTools, produced, sumOverTurns, type Turn } from "./agent/tokens.ts";
import type { Bench } from "./bench.ts";
import { summarize } from "./measure.ts";
import { binary } from "./nexora.ts";
import type { Row } from "./table.ts";

const image = process.env.NEXORA_TEST_APPS_IMAGE ?? "nexora-workstation:apps";
/** The desktop of Anthropic's demo: of those that it names the smallest, and so the cheapest. */
const size = { width: 1024, height: 768 };
const theirTools = anthropicTools.computer + anthropicTools.bash;

/** A job that has been done both ways. */
interface Done {
  name: string;
  ours: Turn[];
  theirs: Turn[];
}

/** Tokens that an agent reads and writes for five jobs, by our tools and by pictures. */
export async function benchAgent(bench: Bench): Promise<Row[]> {
  const done: Done[] = [];
  let definitions = 0;
  for (const job of jobs) {
    const ours = await inSession(bench, async (session, id) => {
      await prepare(session, job);
      await using tools = await OurTools.start([binary], id, bench.nexora.env);
      definitions = tools.definitions;
      const { turns, seen } = await tools.do(job.ours);
      await check(session, job, seen);
      return turns;
    });
    const theirs = await inSession(bench, async (session) => {
      await prepare(session, job);
      const { turns, seen } = await doTheirs(session, job);
      await check(session, job, seen);
      return turns;
    });
    done.push({ name: job.name, ours, theirs });
  }
  return rowsOf(done, definitions);
}

function rowsOf(done: readonly Done[], definitions: number): Row[] {
  const goal = { ofTheirs: 0.2 };
  const all = {
    ours: done.flatMap(({ ours }) => ours),
    theirs: done.flatMap(({ theirs }) => theirs),
  };
  const withTools = ({ ours, theirs }: Omit<Done, "name">) =>
    [definitions + produced(ours), theirTools + produced(theirs)] as const;
  const summed = [
    sumOverTurns(definitions, all.ours),
    sumOverTurns(theirTools, all.theirs),
  ] as const;
  return [
    ...done.map(({ name, ours, theirs }) => {
      const how = `${theirs.length} actions`;
      return { ...row(name, produced(ours), produced(theirs), how), goal };
    }),
    row("definitions of the tools", definitions, theirTools, "computer, bash"),
    { ...row("all of it in one conversation", ...withTools(all), "definitions once"), goal },
    { ...row("the same, summed over its turns", ...summed, "each reads all before it"), goal },
    ...done.map((each) => row(`${each.name}, alone`, ...withTools(each), "with definitions")),
  ];
}

function row(what: string, ours: number, theirs: number, how: string): Row {
  return {
    what,
    unit: "tokens",
    ours: summarize([ours]),
    theirs: { what: `pictures: ${how}`, summary: summarize([theirs]) },
  };
}

/** Each job gets a session and a workspace of its own. */
async function inSession<T>(
  { nexora, folder }: Bench,
  work: (session: Desktop, id: string) => Promise<T>,
): Promise<T> {
  const workspace = mkdtempSync(join(folder, "job-"));
  const opened = await nexora.newSession({ image, size, workspace });
  const { id } = opened;
  const path = `/v1/sessions/${id}`;
  const session: Desktop = {
    workspace,
    call: <R>(method: string, its: string, fields?: object) =>
      nexora.call<R>(method, `${path}/${its}`, fields ?? (method === "POST" ? {} : undefined)),
    async picture() {
      const reply = await nexora.fetch(`${path}/screen`, { headers: { accept: "image/png" } });
      return reply.bytes();
    },
  };
  try {
    return await work(session, id);
  } finally {
    await nexora.removeSession(opened);
  }
}
