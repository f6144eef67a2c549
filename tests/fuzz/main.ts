/**
 * `bun run fuzz [--seed N] [--seconds N] [--target NAME]`: feeds what is hostile by chance to what reads
 * it, for so many seconds in all (30), in equal parts. Each case has a seed of its own, counted up from
 * the given one; the one that fails is printed, and replays alone. Ends with counts as `bun test` prints them.
 */
import { parseArgs } from "node:util";
import { seeded } from "../unit/rfb/random.ts";
import { targets } from "./targets.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    seconds: { type: "string", default: "30" },
    target: { type: "string" },
  },
});
const chosen = Object.entries(targets).filter(
  ([name]) => values.target === undefined || name === values.target,
);
if (chosen.length === 0) {
  console.error(`no target ${values.target}: ${Object.keys(targets).join(", ")}`);
  process.exit(2);
}
const seed = Number(values.seed);
const share = (Number(values.seconds) * 1000) / chosen.length;
console.log(`seed ${seed}`);

let failed = 0;
for (const [name, open] of chosen) {
  await using target = await open();
  const until = performance.now() + share;
  let cases = 0;
  try {
    do await target.run(seeded(seed + cases++));
    while (performance.now() < until);
    console.log(`${name}: ${cases} cases`);
  } catch (error) {
    failed++;
    const replay = `bun run fuzz --target ${name} --seconds 0 --seed ${seed + cases - 1}`;
    console.log(`${name}: FAILED, replay with \`${replay}\``, error);
  }
}
console.log(` ${chosen.length - failed} pass\n ${failed} fail`);
process.exitCode = failed === 0 ? 0 : 1;
