import { join } from "node:path";
import { agentHelp, type Example } from "./examples.ts";

const project = join(import.meta.dir, "../..");

/** Documents whose readers have the full image. */
export const browsing: readonly string[] = ["docs/browser.md", agentHelp];

/** What a reader of each document has at hand before its first example. */
export const scenes: Record<string, string> = {
  [agentHelp]: `printf 'buy\\nmilk\\n' > notes.txt; printf 'test:\\n\\t@echo all is well\\n' > Makefile
    cp -r ${project}/tests/fixtures/site .
    nexora session new dev; nexora exec 'git init -q; node site/start.mjs'`,
  "docs/batches.md": `nexora session new dev
    nexora type 'make() { echo Compiled 3 files; }; clear\\n' --wait prompt`,
  "docs/browser.md": `cp -r ${project}/tests/fixtures/site .
    sed -n '/^// login.ts/,/^\`\`\`/p' ${project}/docs/browser.md | sed '$d' > login.ts
    mkdir tests; echo 'await page.goto(process.env.SHOP);' > tests/shop.ts
    nexora session new dev; nexora exec node site/start.mjs`,
  "docs/desktop.md": "date > notes.txt; date > build.log; nexora session new dev",
  "docs/events.md": `nexora session new dev
    home=~/.local/state/nexora; url=$(jq -r .url $home/daemon.json)
    api() { curl -sS -H "Authorization: Bearer $(cat $home/token)" "$@"; }`,
  "docs/exec.md": `echo true > test.sh; chmod +x test.sh; mkdir dist src; date > src/a; date > big.iso; date > app.bin
    nexora session new dev; nexora exec "mkdir '/tmp/a b'"`,
  "docs/files.md": `mkdir src; for f in data.csv notes.txt a.txt b.txt src/c; do date > $f; done
    nexora session new dev; nexora exec 'date > /tmp/result.csv'`,
  "docs/getting-started.md": "mkdir my-project",
  "docs/http-api.md": "nexora session new dev",
  "docs/mcp.md": "nexora session new dev",
  "docs/screen.md": `cat > failing << 'END'
seq 216
echo "test/parse.c:83: error: expected ';'"
echo 'make: *** [Makefile:12: test] Error 1'
exit 2
END
    nexora session new dev; nexora type 'make() { bash failing; }; clear\\n' --wait prompt`,
  "docs/tokens.md": "nexora session new dev",
  "docs/troubleshooting.md": "nexora session new dev",
  "docs/typing.md": "mkdir notes; echo 'echo from a file' > snippet.txt; nexora session new dev",
  "docs/vault.md": `echo sk-example-0123456789abcdef > openai.key; echo gsk_example-fedcba9876543210 > groq.key
    echo sk-example-fedcba9876543210 > newer.key; echo correct horse battery staple > passphrase.txt`,
  "docs/waiting.md": `
    printf '%s\\n' '#!/bin/bash' 'read -p "package name: (workspace) "' 'read -p "version: (1.0.0) "' > npm
    printf '%s\\n' '#!/bin/bash' 'echo Reading the project; echo' 'read -p "Add tests? [y/N] "' > setup
    chmod +x npm setup; nexora session new dev
    nexora type 'make() { :; }; npm() { ./npm; }; clear\\nmake\\n' --wait prompt`,
};

/** The references of a document, as its reader would see them: how the line begins or ends that has one. */
const references: Record<string, Record<string, string>> = {
  [agentHelp]: {
    "@e5": shownRef("screen --refs", 'menuitem "File"'),
    "@e7": shownRef("chrome snapshot", 'textbox "Name"'),
    "@e8": shownRef("chrome snapshot", 'combobox "Size"'),
    "@e9": shownRef("chrome snapshot", 'checkbox "I have read the terms"'),
  },
};

/** A substitution of the shell: the reference on the line that has this. */
function shownRef(verb: string, thing: string): string {
  // A window is there before its program has told what is in it.
  const find = `nexora ${verb} | grep -F '${thing}'`;
  return `$(for _ in {1..100}; do ${find} && break; sleep 0.1; done | grep -o '@e[0-9]*' | head -1)`;
}

/** A command with its document's references in place of those that are examples. */
export function withReferences(document: string, command: string): string {
  return command.replace(/@e\d+/g, (ref) => references[document]?.[ref] ?? ref);
}

/** What has happened meanwhile where a document goes on: by document, and how the command begins. */
const meanwhile: [document: string, command: string, script: string][] = [
  ["docs/configuration.md", "nexora daemon status", "nexora daemon start"],
  ["docs/sessions.md", "nexora screen --text", "nexora session new two"],
  ["README.md", "nexora keys set anthropic", "echo sk-ant-0123456789abcdef > anthropic.key"],
  [
    "docs/sessions.md",
    "nexora screen -s dev",
    `nexora session rm dev; nexora session new dev --idle 500ms
    until nexora session show dev --json | grep -q '"state":"stopped"'; do sleep 0.1; done`,
  ],
  [
    "docs/screen.md",
    "nexora diff baseline/login.png -o",
    "nexora type 'clear; echo welcome\\n' --wait prompt; nexora wait --stable 300ms",
  ],
  ["docs/typing.md", "nexora type 'cd notes", "nexora key ctrl+c"],
  [
    "docs/waiting.md",
    "nexora wait --text 'Compiled",
    "nexora type 'clear; echo Compiled 3 files\\n'",
  ],
  ["docs/waiting.md", "nexora type './setup", "nexora key ctrl+c --wait prompt"],
];

/** A script that brings about what a command of a document takes for granted. */
export function before(document: string, command: string): string {
  const found = meanwhile.find(([where, start]) => where === document && command.startsWith(start));
  return found ? `{ ${found[2]}\n} > /dev/null 2>&1 < /dev/null` : "";
}

interface Reason {
  document: string;
  /** How the command begins. */
  command: string;
  why: string;
}

/** What is not run, and why. */
export const notRun: readonly Reason[] = [
  ...["./scripts/quickstart", "./scripts/test"].map((command) => ({
    document: "README.md",
    command,
    why: "installs what the machine lacks, and runs for minutes; CI runs both",
  })),
  { document: "docs/getting-started.md", command: "git clone …", why: "has a place to fill in" },
  { document: "docs/getting-started.md", command: "./scripts/quickstart", why: "as in the README" },
  { document: "docs/getting-started.md", command: "sudo install", why: "changes the machine" },
  {
    document: "docs/getting-started.md",
    command: "nexora session attach",
    why: "needs a person at a terminal; tests/unit/cli/streams.test.ts has one",
  },
  {
    document: "docs/configuration.md",
    command: "NEXORA_DATABASE_URL=",
    why: "needs a database server; tests/integration/store.test.ts has one",
  },
  {
    document: "docs/vault.md",
    command: "mv ",
    why: "needs another disk; tests/integration/vault.test.ts has the key in a file elsewhere",
  },
  {
    document: "docs/images.md",
    command: "nexora image build",
    why: "takes minutes; tests/integration/image.test.ts builds",
  },
  { document: "docs/images.md", command: "nexora image rm", why: "other tests need that image" },
  {
    document: "docs/images.md",
    command: "docker build",
    why: "takes minutes, and needs the full image",
  },
  {
    document: "docs/images.md",
    command: "nexora session new dev --image my-",
    why: "needs the image of the example before",
  },
];

/** Whether an example is among those. */
export function isAmong(list: readonly Reason[], { place, command }: Example): boolean {
  return list.some(
    (each) => place.startsWith(`${each.document}:`) && command.startsWith(each.command),
  );
}

/** What runs until it is ended, and when that may be; OUT is the file of what it has printed. */
const endlessOnes: [start: string, until: string][] = [
  ["nexora daemon logs -n 20 -f", "[ -s OUT ]"],
  ["nexora daemon run", "nexora daemon status"],
  ["nexora events --follow", "[ -s OUT ]"],
  ["nexora audit --follow", "[ -s OUT ]"],
  ["api -N", "[ -s OUT ]"],
  ["nexora watch", "[ -s OUT ]"],
];

/** When a command that ends by ctrl+c only has done enough; null for any other. */
export function endless(command: string): string | null {
  return endlessOnes.find(([start]) => command.startsWith(start))?.[1] ?? null;
}

/** Where a document shows another history than a test can make. */
export const samples: readonly Reason[] = [
  {
    document: "docs/configuration.md",
    command: "nexora daemon status",
    why: "of the server above",
  },
  { document: "docs/events.md", command: "nexora events", why: "of a longer day" },
  { document: "docs/events.md", command: "nexora audit", why: "of a longer day" },
  { document: "docs/events.md", command: "api -N", why: "of a longer day" },
  { document: "docs/getting-started.md", command: "nexora doctor", why: "of another machine" },
  { document: "docs/gateway.md", command: "nexora gateway usage", why: "of a longer week" },
  { document: "docs/images.md", command: "nexora image ls", why: "of another machine" },
  {
    document: "docs/mcp.md",
    command: "nexora mcp config claude",
    why: "with a nexora that is installed",
  },
  {
    document: "docs/screen.md",
    command: "nexora screen --since",
    why: "with a rev that one would have",
  },
  { document: "docs/screen.md", command: "nexora screen --region", why: "broken into lines" },
];
/** What may fail where something is missing, which it says. */
const mayFail = ["nexora doctor", "nexora diff baseline/login.png -o difference.png"];

/** What came of an example. */
interface Outcome {
  example: Example;
  status: number;
  output: string;
}

/** What a document says of an example and is not so. */
export function findingsOf({ example, status, output }: Outcome): string[] {
  const { place, command, shown } = example;
  const fails = shown.some((line) => line.startsWith("nexora: "));
  const seen = `${place}: ${command}: status ${status}:\n${output.slice(0, 2000)}`;
  if (!mayFail.includes(command) && (status === 0) === fails) return [seen];
  if (isAmong(samples, example)) return [];
  const lines = output.replaceAll("\r", "").split("\n");
  let at = 0;
  for (const line of shown) {
    const expected = patternOf(line);
    while (at < lines.length && !expected.test(lines[at] ?? "")) at++;
    if (at++ === lines.length) return [`${seen}\nwithout a line as ${line}`];
  }
  return [];
}

/** What differs from reader to reader: each kind, and what it may be for another. */
const kinds: [RegExp, string][] = [
  [/…/, ".*"],
  [/nxt_[0-9a-f]+_[\w-]+/, "nxt_\\S+"],
  [/@e\d+/, "@e\\d+"],
  [/\bs_[a-z0-9]{10}\b/, "s_\\w+"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/, "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z"],
  [/\d+(?:\.\d+)? (?:ms|s|min|h|d)\b/, "[\\d.]+ (?:ms|s|min|h|d)"],
  [/\/home\/you[\w/.-]*/, "\\S+"],
  [/\bt?[0-9a-f]{12,16}\b/, "t?[0-9a-f]+"],
  [/\d+(?:\.\d+)?/, "[\\d.]+"],
  [/\s+/, "\\s+"],
];

/** What a shown line may look like for another reader. */
function patternOf(line: string): RegExp {
  const text = line.trimEnd();
  const any = new RegExp(kinds.map(([kind]) => `(${kind.source})`).join("|"), "g");
  const literal = (part: string) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  let pattern = "";
  let from = 0;
  for (const found of text.matchAll(any)) {
    const kind = found.slice(1).findIndex((part) => part !== undefined);
    pattern += literal(text.slice(from, found.index)) + (kinds[kind]?.[1] ?? "");
    from = found.index + found[0].length;
  }
  return new RegExp(`^${pattern}${literal(text.slice(from))}\\s*$`);
}
