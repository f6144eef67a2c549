/**
 * `bun run test:chaos [--seed N] [--seconds N] [--sessions N] [--engine own|shared] [--verbose]`:
 * random verbs on random sessions while daemon, containers and engine are killed. The same seed
 * gives the same steps. An engine of its own (root, dockerd) is restarted, too. Ends with counts
 * as `bun test` prints them.
 */
import { parseArgs } from "node:util";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import { type ChaosResult, chaos } from "./chaos.ts";
import { hostBridge, OwnEngine } from "./own-engine.ts";
import { planOf } from "./plan.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
    seconds: { type: "string", default: "120" },
    sessions: { type: "string", default: "6" },
    engine: { type: "string", default: "own" },
    verbose: { type: "boolean", default: false },
  },
});
const own = values.engine === "own";
const [seed, seconds, sessions] = [values.seed, values.seconds, values.sessions].map(Number) as [
  number,
  number,
  number,
];
const replay = `--seed ${seed} --seconds ${seconds} --sessions ${sessions} --engine ${values.engine}`;
console.log(`seed ${seed}: replay with ${replay}`);

const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.abort());

const bridge = hostBridge();
const { outcomes, wrong } = own ? await onItsOwn() : await onTheMachines();
if (hostBridge() !== bridge) wrong.push("the machine's bridge docker0 is not there any more");

for (const [outcome, count] of [...outcomes].sort()) console.log(`${count}\t${outcome}`);
for (const line of wrong) console.log(`WRONG: ${line}`);
const well = wrong.length === 0;
console.log(well ? "nothing leaked, nothing lost" : `${wrong.length} things wrong`);
console.log(` ${well ? 1 : 0} pass\n ${well ? 0 : 1} fail`);
process.exitCode = well ? 0 : 1;

async function onItsOwn(): Promise<ChaosResult> {
  await using engine = await OwnEngine.open();
  const { socket, docker, enter } = engine;
  return await on({ socket, docker, enter, restart: () => engine.restart() });
}

function onTheMachines(): Promise<ChaosResult> {
  return on({ socket: "/var/run/docker.sock", docker: connectDocker(), enter: [] });
}

function on(engine: Parameters<typeof chaos>[0]["engine"]): Promise<ChaosResult> {
  return chaos({
    steps: planOf({ seed, seconds, sessions, restarts: own }),
    engine,
    log: values.verbose ? (line) => console.log(line) : () => {},
    signal: stopped.signal,
  });
}
