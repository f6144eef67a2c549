import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

export interface Step {
  name: string;
  /** Files and folders, relative to the project, whose content decides whether it must run. */
  inputs: readonly string[];
  /** The file that it makes, relative to the project. */
  output: string;
  /** Files that it makes besides. */
  byproducts?: readonly string[];
  run(output: string): Promise<void>;
}

/** Runs a step unless its output is there and its inputs are what they were; says so. */
export async function runStep(root: string, step: Step): Promise<void> {
  const started = performance.now();
  const label = step.name.padEnd(9);
  const output = join(root, step.output);
  const stamp = join(root, "dist/.stamps", step.name);
  const hash = hashInputs(root, step.inputs);
  const last = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  const made = [step.output, ...(step.byproducts ?? [])];
  const fresh = last === hash && made.every((file) => existsSync(join(root, file)));
  if (!fresh) {
    console.log(`${label} ${step.output} …`);
    await rm(stamp, { force: true });
    await mkdir(dirname(output), { recursive: true });
    await step.run(output);
    await Bun.write(stamp, hash);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const size = (statSync(output).size / 1e6).toFixed(1);
  console.log(
    `${label} ${step.output} (${size} MB) ${fresh ? "is current" : "made"} in ${seconds} s`,
  );
}

/** Hash of the paths and contents of files, of the compiler's version and of the machine's kind. */
function hashInputs(root: string, inputs: readonly string[]): string {
  const hash = createHash("sha256").update(`${Bun.version} ${process.arch}\n`);
  for (const input of inputs) {
    for (const file of filesIn(join(root, input))) {
      hash.update(`${relative(root, file)}\n`).update(readFileSync(file));
    }
  }
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
