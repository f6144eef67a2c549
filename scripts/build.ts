/** Makes dist/nexora, the one binary, and what it embeds. `--only=NAME[,NAME]` for fast cycles. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { assets } from "../daemon/assets.ts";
import { makeTemplate } from "../daemon/store/pglite.ts";
import { version } from "../src/version.ts";
import { builtAssets, embeddedAssets } from "./assets.ts";
import { compile } from "./build/compile.ts";
import { sharpPlugin } from "./build/sharp.ts";
import { runStep, type Step } from "./build/step.ts";
import { packContext } from "./context.ts";
import { playwrightFiles } from "./playwright.ts";
import { makeSdks } from "./sdk.ts";

const root = dirname(import.meta.dir);
const shared = ["package.json", "bun.lock", "scripts/build.ts", "scripts/build"];
const workstation = "docker/workstation";

const steps: Step[] = [
  {
    name: "runner",
    inputs: [...shared, "src", `${workstation}/runner`],
    output: "dist/nexora-runner",
    run: (output) => compile({ output, entry: join(root, workstation, "runner/main.ts") }),
  },
  {
    name: "context",
    inputs: [
      ...[...shared, "scripts/context.ts", "scripts/playwright.ts"],
      ...[workstation, "dist/nexora-runner"],
    ],
    output: builtAssets.workstation,
    byproducts: [builtAssets.workstationHash],
    async run(output) {
      const runner = join(root, "dist/nexora-runner");
      const more = await playwrightFiles(root);
      const tar = await packContext({ folder: join(root, workstation), runner, more });
      const hash = new Bun.CryptoHasher("sha256").update(tar).digest("hex");
      await Bun.write(join(root, builtAssets.workstationHash), hash);
      await Bun.write(output, await Bun.zstdCompress(tar, { level: 9 }));
    },
  },
  {
    name: "template",
    inputs: [...shared, "drizzle", "daemon/store"],
    output: builtAssets.template,
    async run(output) {
      const tar = await makeTemplate(assets.store());
      await Bun.write(output, await Bun.zstdCompress(tar, { level: 12 }));
    },
  },
  {
    name: "binary",
    inputs: [
      ...shared,
      ...["nexora.ts", "src", "cli", "daemon", "drizzle", "scripts/assets.ts"],
      ...[`${workstation}/seccomp.json`, ...Object.values(builtAssets)],
    ],
    output: "dist/nexora",
    run: (output) =>
      compile({
        output,
        entry: join(root, "nexora.ts"),
        assets: embeddedAssets(root),
        plugins: [sharpPlugin(root)],
      }),
  },
  {
    name: "sdk",
    inputs: [
      ...[...shared, "src", "daemon/http/api", "scripts/sdk.ts", "scripts/sdk"],
      ...["docs/sdk.md", "LICENSE"],
    ],
    output: `dist/sdk/nexora-${version}-py3-none-any.whl`,
    byproducts: ["dist/sdk/typescript/package.json"],
    run: (output) => makeSdks(root, dirname(output)),
  },
];

const { values } = parseArgs({ options: { only: { type: "string" } } });
const only = values.only?.split(",");
try {
  if (!existsSync(join(root, "node_modules"))) throw new Error("run `bun install` first");
  const unknown = only?.find((name) => !steps.some((step) => step.name === name));
  if (unknown) throw new Error(`no step ${unknown}: ${steps.map(({ name }) => name).join(", ")}`);
  for (const step of steps) {
    if (!only || only.includes(step.name)) await runStep(root, step);
  }
} catch (error) {
  console.error(`the build failed: ${(error as Error).message}`);
  process.exitCode = 1;
}
