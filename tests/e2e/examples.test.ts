import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appsImage } from "../support/apps-image.ts";
import { undeclaredErrors } from "../support/daemon.ts";
import {
  before,
  browsing,
  endless,
  findingsOf,
  isAmong,
  notRun,
  samples,
  scenes,
  withReferences,
} from "../support/example-scenes.ts";
import { documents, type Example, examplesOf } from "../support/examples.ts";
import { baseImage } from "../support/workstations.ts";

const binary = join(import.meta.dir, "../../dist/nexora");
let folder: string;

beforeAll(() => {
  if (!existsSync(binary)) throw new Error("dist/nexora is missing: run `bun run build` first");
  for (const tool of ["curl", "jq"]) {
    if (!Bun.which(tool)) throw new Error(`the examples need ${tool}: apt-get install ${tool}`);
  }
  folder = mkdtempSync(join(tmpdir(), "nexora-examples-"));
  // A reader takes the image that is there; a test the one that it is given.
  const wrapper = `#!/bin/sh
if [ "$1 $2" = "session new" ]; then shift 2; exec ${binary} session new --image $IMAGE "$@"; fi
exec ${binary} "$@"
`;
  writeFileSync(join(folder, "nexora"), wrapper, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One reader of one document, with a home of their own, in one shell from its top to its end. */
async function read(document: string, examples: Example[]) {
  const home = join(folder, document.replaceAll("/", "-"));
  const project = join(home, "project");
  mkdirSync(project, { recursive: true });
  const state = join(home, ".local/state/nexora");
  const run = (script: string) => {
    const child = Bun.spawn(["bash", "-c", script], {
      cwd: project,
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        HOME: home,
        USER: "you",
        DOCKER_HOST: process.env.DOCKER_HOST,
        IMAGE: browsing.includes(document) ? appsImage : baseImage,
      },
      stdio: ["ignore", "pipe", "pipe"],
      // Before the test's own end, so that what was made is removed.
      timeout: 75_000,
    });
    return child;
  };
  try {
    const child = run(scriptOf(document, examples, home));
    const [, complaint] = await Promise.all([child.exited, new Response(child.stderr).text()]);
    const results = examples.map((example, at) => ({
      example,
      status: Number(textOf(join(home, `${at}.status`)) || Number.NaN),
      output: textOf(join(home, `${at}.out`)),
    }));
    return { results, complaint, undeclared: undeclaredErrors(state) };
  } finally {
    await run("nexora session rm --all; nexora daemon stop").exited;
  }
}

/** The document as a script that keeps each command's output and status. */
function scriptOf(document: string, examples: Example[], home: string): string {
  const parts = examples.map(({ command }, at) => {
    const [out, status] = [join(home, `${at}.out`), join(home, `${at}.status`)];
    // Of several runs on one machine each has ports of its own.
    const text = withReferences(document, command)
      .replaceAll("http://127.0.0.1:9301", "$(nexora daemon status --json | jq -r .data.url)")
      .replace("--port 9444", "--port 0");
    const until = endless(command);
    if (until === null) {
      return `${before(document, command)}
(exit $last); { ${text}
} > ${out} 2>&1 < /dev/null; last=$?; echo $last > ${status}`;
    }
    return `set -m; { ${text}
} > ${out} 2>&1 < /dev/null & set +m
for _ in {1..400}; do { ${until.replaceAll("OUT", out)}; } > /dev/null 2>&1 && { echo 0 > ${status}; break; }; sleep 0.05; done
kill -TERM -- -$!; wait $! 2>/dev/null; last=0`;
  });
  return [
    `{ ${scenes[document] ?? ":"}\n} > ${join(home, "scene.out")} 2>&1`,
    "last=0",
    ...parts,
  ].join("\n");
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

describe.each(documents().filter((document) => examplesOf(document).length > 0))(
  "%s",
  (document) => {
    test("its examples run in order, and do what it shows", async () => {
      const examples = examplesOf(document).filter((example) => !isAmong(notRun, example));
      const { results, undeclared } = await read(document, examples);
      expect(results.flatMap(findingsOf)).toEqual([]);
      expect(undeclared).toEqual([]);
    }, 90_000);
  },
);

test("what is not run is in the documents, and says why", () => {
  const all = documents().flatMap(examplesOf);
  expect(all.length).toBeGreaterThan(80);
  const unused = [...notRun, ...samples].filter(
    (listed) => !all.some((example) => isAmong([listed], example)),
  );
  expect(unused).toEqual([]);
});
