/**
 * Runs a script of the user's against the browser that everybody sees. The daemon starts it
 * with Node.js in the workstation; what it is to do comes on standard input. Exit code 0: the script ended,
 * 1: it failed, and why is on stderr.
 */
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { keepPictures } from "./pictures.ts";
import { loadable } from "./script.ts";

interface Task {
  /** A folder of this run's own, which is not there yet; its `pictures` are what was taken. */
  folder: string;
  /** Path of the script; of one that comes along, its name. */
  file: string;
  script: string | null;
  /** The browser's DevTools. */
  endpoint: string;
  /** Which of its targets is the script's `page`. */
  target: string;
}

async function main(): Promise<number> {
  const task = JSON.parse(await text(process.stdin)) as Task;
  mkdirSync(task.folder, { mode: 0o700 });
  const pictures = keepPictures(join(task.folder, "pictures"));
  let page: Page | null = null;
  try {
    const path = loadable(task);
    const browser = await chromium.connectOverCDP(task.endpoint, { isLocal: true });
    const context = browser.contexts()[0];
    page = context ? await pageOf(context, task.target) : null;
    if (!context || !page) throw new Error("the script's tab is gone");
    pictures.watch(page);
    await run(path, { page, context, browser });
    return 0;
  } catch (error) {
    console.error(told(error, task));
    if (page) await pictures.shoot(page, "failure.png");
    return 1;
  }
}

/** What the script has at hand: as globals, and as the argument of a function that it exports. */
interface Given {
  page: Page;
  context: BrowserContext;
  browser: Browser;
}

/** Resolves when the script has ended, and the function that it exports by default, if it does. */
async function run(path: string, given: Given): Promise<void> {
  Object.assign(globalThis, given);
  const strayed = new Promise<never>((_, reject) => {
    process.on("unhandledRejection", reject);
    process.on("uncaughtException", reject);
  });
  const script = async () => {
    const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: unknown };
    if (typeof exported === "function") await exported(given);
  };
  await Promise.race([script(), strayed]);
}

async function pageOf(context: BrowserContext, target: string): Promise<Page | null> {
  const found = await Promise.all(
    context.pages().map(async (page) => {
      const session = await context.newCDPSession(page);
      const { targetInfo } = await session.send("Target.getTargetInfo");
      await session.detach();
      return targetInfo.targetId === target ? page : null;
    }),
  );
  return found.find((page) => page !== null) ?? null;
}

/** The error with its stack, in which the script goes by its own name. */
function told(error: unknown, { folder, file }: Task): string {
  const whole = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const lines = whole.split("\n").filter((line) => !/\/usr\/lib\/nexora\/|\(?node:/.test(line));
  return (
    lines.join("\n").replaceAll(`file://${folder}/`, "").replaceAll(`${folder}/`, "").trim() ||
    basename(file)
  );
}

// What the script has left open, timers and connections, does not hold up the end.
process.exit(await main());
