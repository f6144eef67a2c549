import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { agentTopic } from "../../cli/agent-topic.ts";

const project = join(import.meta.dir, "../..");

/** A command of a document, with what the document shows of its output. */
export interface Example {
  /** `docs/exec.md:12`. */
  place: string;
  command: string;
  shown: string[];
}

/** The help page for models, whose commands are examples as well. */
export const agentHelp = "nexora-help-agent";

/** The documents with examples: the README, the pages in docs, and the help page for models. */
export function documents(): string[] {
  return [agentHelp, "README.md", ...new Glob("docs/*.md").scanSync({ cwd: project })].sort();
}

/**
 * The shell examples of a document in order: in a `console` block each line with a `$` is a command,
 * with its output below; a `sh` block is one command.
 */
export function examplesOf(document: string): Example[] {
  if (document === agentHelp) return helpExamples();
  const examples: Example[] = [];
  let language: string | null = null;
  let block: Example | null = null;
  for (const [at, line] of readFileSync(join(project, document), "utf8").split("\n").entries()) {
    const place = `${document}:${at + 1}`;
    const fence = /^```(\w*)/.exec(line);
    if (fence) {
      language = language === null ? (fence[1] ?? "") : null;
      block = null;
    } else if (language === "sh") {
      if (block) block.command += `\n${line}`;
      else {
        block = { place, command: line, shown: [] };
        examples.push(block);
      }
    } else if (language === "console") {
      if (line.startsWith("$ ")) {
        block = { place, command: line.slice(2), shown: [] };
        examples.push(block);
      } else block?.shown.push(line);
    }
  }
  return examples;
}

/** The page's commands: each line that is set in, without the words behind it. */
function helpExamples(): Example[] {
  return agentTopic.split("\n").flatMap((line, at) => {
    const [, command] = /^ {2}((?:nexora|printf) .*?)(?: {2,}\S.*)?$/.exec(line) ?? [];
    return command ? [{ place: `${agentHelp}:${at + 1}`, command, shown: [] }] : [];
  });
}
