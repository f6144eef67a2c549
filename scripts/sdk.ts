/**
 * Makes both SDKs from the OpenAPI document: `dist/sdk/typescript`, a package for npm, and
 * `dist/sdk/python` with a wheel beside it. `bun run build` does.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openapi } from "../daemon/http/api/openapi.ts";
import { operations } from "../src/contract/index.ts";
import { version } from "../src/version.ts";
import { type Api, readApi } from "./sdk/operations.ts";
import { pythonApi, pythonNames, pythonTypes } from "./sdk/python.ts";
import { typescriptMain, typescriptNames, typescriptTypes } from "./sdk/typescript.ts";
import { wheelOf } from "./sdk/wheel.ts";

/** The API as both SDKs have it. */
export function sdkApi(): Api {
  const document = openapi(operations, version, "http://127.0.0.1:9301");
  return readApi(document, [...typescriptNames, ...pythonNames]);
}

/** Makes both packages below a folder of the project, which is replaced. */
export async function makeSdks(root: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const api = sdkApi();
  const guide = readFileSync(join(root, "docs/sdk.md"), "utf8");
  await makeTypescript(api, root, join(folder, "typescript"), guide);
  makePython(api, root, join(folder, "python"), guide);
  const wheel = wheelOf(join(folder, "python"));
  writeFileSync(join(folder, wheel.name), wheel.bytes);
}

async function makeTypescript(api: Api, root: string, folder: string, guide: string) {
  const stage = mkdtempSync(join(tmpdir(), "nexora-sdk-"));
  try {
    cpSync(join(root, "src"), join(stage, "src"), { recursive: true });
    const sources = join(stage, "src/sdk/typescript");
    writeFileSync(join(sources, "api.ts"), typescriptTypes(api));
    writeFileSync(join(sources, "index.ts"), typescriptMain(api));
    await compile(root, stage, join(folder, "lib"));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  copyText(root, folder, "src/sdk/typescript/package.json", api.version);
  finish(root, folder, "@nexora/client", section(guide, "TypeScript"));
}

/** JavaScript and declarations of the package's modules and of those in `src` that they need. */
async function compile(root: string, stage: string, outDir: string): Promise<void> {
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      target: "ES2022",
      rootDir: join(stage, "src"),
      outDir,
      types: ["bun-types"],
      typeRoots: [join(root, "node_modules"), join(root, "node_modules/@types")],
    },
    files: [join(stage, "src/sdk/typescript/index.ts")],
    include: [],
  };
  writeFileSync(join(stage, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules/.bin/tsc");
  const child = Bun.spawn([tsc, "-p", stage], { stdout: "pipe", stderr: "inherit" });
  const said = await new Response(child.stdout).text();
  if ((await child.exited) !== 0)
    throw new Error(`the TypeScript client does not compile:\n${said}`);
}

function makePython(api: Api, root: string, folder: string, guide: string): void {
  const module = join(folder, "nexora");
  cpSync(join(root, "src/sdk/python/nexora"), module, {
    recursive: true,
    filter: (path) => !path.includes("__pycache__"),
  });
  writeFileSync(join(module, "types.py"), pythonTypes(api));
  writeFileSync(join(module, "_api.py"), pythonApi(api));
  copyText(root, folder, "src/sdk/python/pyproject.toml", api.version);
  finish(root, folder, "nexora", section(guide, "Python"));
}

/** A file of the sources, whose version is the project's. */
function copyText(root: string, folder: string, path: string, itsVersion: string): void {
  const text = readFileSync(join(root, path), "utf8").replace("0.0.0", itsVersion);
  writeFileSync(join(folder, path.split("/").at(-1) ?? ""), text);
}

function finish(root: string, folder: string, name: string, text: string): void {
  writeFileSync(join(folder, "README.md"), `# ${name}\n\n${text}`);
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
}

/** A section of a page, without its heading. */
function section(page: string, heading: string): string {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (!text) throw new Error(`docs/sdk.md has no section ${heading}`);
  return `${text.slice(heading.length).trim()}\n`;
}
