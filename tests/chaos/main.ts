/**
 * `bun run test:chaos [--seed N] [--seconds N] [--sessions N] [--engine own|shared] [--verbose]`:
 * random verbs on random sessions while daemon, containers and engine are killed. The same seed
 * gives the same steps. An engine of its own (root, dockerd) is restarted, too.
 */
import { parseArgs } from "node:util";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import { chaos } from "./chaos.ts";
import { OwnEngine } from "./own-engine.ts";
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
console.log(`seed ${seed}: replay with --seed ${seed} --seconds ${seconds} --sessions ${sessions}`);

await using engine = own ? await OwnEngine.open() : null;
const { outcomes, wrong } = await chaos({
  steps: planOf({ seed, seconds, sessions, restarts: own }),
  engine: engine
    ? { socket: engine.socket, docker: engine.docker, restart: () => engine.restart() }
    : { socket: "/var/run/docker.sock", docker: connectDocker() },
  log: values.verbose ? (line) => console.log(line) : () => {},
});
for (const [outcome, count] of [...outcomes].sort()) console.log(`${count}\t${outcome}`);
for (const line of wrong) console.log(`WRONG: ${line}`);
console.log(wrong.length === 0 ? "nothing leaked, nothing lost" : `${wrong.length} things wrong`);
process.exitCode = wrong.length === 0 ? 0 : 1;
