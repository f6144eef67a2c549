/**
 * The second half of scripts/quickstart: builds, then does the main job once with the binary, as
 * a person would: `bun scripts/quickstart.ts WORKSPACE base|full`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run, step } from "./progress.ts";

const [workspace = process.cwd(), target = "full"] = process.argv.slice(2);
const project = join(import.meta.dir, "..");
const binary = join(project, "dist/nexora");
const session = "quickstart";
const file = "hello_nexora.py";

interface Reply<T> {
  ok: boolean;
  data: T;
}

const nexora = (...args: string[]) => run([binary, ...args], { cwd: workspace });
const on = (verb: string, ...args: string[]) => nexora(verb, "-s", session, ...args);
async function json<T>(...args: string[]): Promise<T> {
  return (JSON.parse(await nexora("--json", ...args)) as Reply<T>).data;
}

try {
  await step("Building the nexora binary", (say) =>
    run(["bun", "scripts/build.ts"], { cwd: project, say }),
  );
  await step("Starting the daemon", () => nexora("daemon", "start"));
  await step(`Building the workstation image (${target})`, async (say) => {
    const { images } = await json<{ images: { target: string | null; current: boolean }[] }>(
      "image",
      "ls",
    );
    if (images.some((image) => image.target === target && image.current)) return;
    await run([binary, "image", "build", target], { cwd: workspace, say });
  });
  await step(`Opening a session on ${workspace}`, openSession);
  await step(`Editing ${file} with vi`, edit);
  const output = await step("Running it", () => on("exec", "--", "python3", file));
  const text = await on("screen", "--text");
  const picture = await on("screen");
  console.log(`${text.trimEnd()}\n`);
  console.log(`${file} printed: ${output.trim()}`);
  console.log(`The screen as a picture: ${picture.trim()}`);
  console.log(`\nThe session keeps running. Try, with ${binary} as nexora:`);
  console.log(`  nexora type -s ${session} 'ls -la\\n' --wait prompt --then-screen`);
  console.log(`  nexora session rm ${session}`);
} catch (error) {
  console.error(`nexora: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function openSession(): Promise<void> {
  const { sessions } = await json<{
    sessions: { name: string; state: string; workspace: string | null }[];
  }>("session", "ls");
  const known = sessions.find(({ name }) => name === session);
  if (known?.state === "running" && known.workspace === workspace) return;
  if (known) await nexora("session", "rm", session);
  const image = `nexora-workstation:${target}`;
  await nexora("session", "new", session, "--workspace", workspace, "--image", image);
}

async function edit(): Promise<void> {
  if (!existsSync(join(workspace, file))) {
    await on("exec", `printf 'name = "world"\\nprint(f"Hello, {name}!")\\n' > ${file}`);
  }
  await on("type", `vi ${file}\\n`, "--wait", "text=print");
  await on("type", 'gg0f"ci"Nexora\\e:wq\\n', "--wait", "prompt");
  await on("type", `clear; cat ${file}; python3 ${file}\\n`, "--wait", "prompt");
}
