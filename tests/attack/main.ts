/**
 * `bun run attack [--all] [--bombs N]`: what a workstation, its programs, or a program in its runner's or
 * display's place do to get at the host, the daemon or their neighbours. The fast attacks are tests of
 * their own, which are run here together; fork bombs take longer: three of each kind, ten with
 * `--all`; `--bombs N` lets only those go off. Ends with counts as `bun test` prints them.
 */
import { parseArgs } from "node:util";
import { blasts } from "./bombs.ts";

const { values } = parseArgs({
  options: { all: { type: "boolean", default: false }, bombs: { type: "string" } },
});

const tests = [
  ...["unit/cli/session-file", "unit/cli/copy/unpack", "unit/daemon/display/hostile"],
  ...["unit/daemon/patterns/patterns", "unit/daemon/runner/client", "unit/daemon/workspaces/plan"],
  ...["unit/rfb/fuzz", "unit/tunnel/mux"],
  ...["integration/containment", "integration/isolation", "integration/limits"],
  ...["integration/supervisor", "integration/workspace", "integration/cp-attacks"],
  ...["integration/bad-requests", "integration/planted-secrets", "integration/state-folder"],
];
if (values.bombs === undefined) {
  const files = tests.map((name) => `./tests/${name}.test.ts`);
  const stdio = ["ignore", "inherit", "inherit"] as const;
  const child = Bun.spawn(["bun", "test", "--timeout", "120000", ...files], { stdio: [...stdio] });
  if ((await child.exited) !== 0) process.exitCode = 1;
}

let failed = 0;
let passed = 0;
const count = Number(values.bombs ?? (values.all ? 10 : 3));
for await (const { kind, lost, processes, limit, endings, neighbour } of blasts(count)) {
  const at = (share: number) => Math.round(neighbour[Math.floor(neighbour.length * share)] ?? 0);
  const told = `neighbour's exec ${at(0.5)} ms, at most ${at(0.999)} ms of ${neighbour.length}`;
  const went = processes > 0.9 * limit ? "" : ", BUT DID NOT GO OFF";
  const outcome = `${lost ? "LOST" : "lives"}, ${processes} of ${limit} processes${went}`;
  console.log(`${kind}: ${outcome}, runner started again ${endings} times; ${told}`);
  if (lost || went !== "") failed++;
  else passed++;
}
console.log(` ${passed} pass\n ${failed} fail`);
if (failed > 0) process.exitCode = 1;
