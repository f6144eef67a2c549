import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, parse } from "node:path";
import { providerId } from "../../../src/contract/gateway.ts";
import { codeOf, messageOf } from "../../../src/thrown.ts";
import type { Definition } from "./built-in.ts";
import { type DefinitionFile, readDefinition, type UserDefinition } from "./definition-file.ts";

/** Largest file that is read, in bytes. */
const maxBytes = 1024 * 1024;

/** A file that cannot be used, and why. */
interface Problem {
  file: string;
  message: string;
}

export interface ReadFiles {
  definitions: UserDefinition[];
  problems: Problem[];
}

/** The user's own definitions of providers: `NAME.yaml` in one folder, which need not exist. */
export class ProviderFiles {
  constructor(
    readonly folder: string,
    private readonly original: (id: string) => Definition | null,
  ) {}

  /** Reads all of them. One that cannot be used is a problem of its own, and does not stop the rest. */
  read(): ReadFiles {
    const definitions = new Map<string, UserDefinition>();
    const problems: Problem[] = [];
    for (const name of this.names()) {
      const file = join(this.folder, name);
      try {
        const id = idOf(name);
        if (definitions.has(id)) throw new Error("there is another file of that name");
        definitions.set(id, readDefinition(id, yamlIn(file), this.original(id)));
      } catch (thrown) {
        problems.push({ file, message: thrown instanceof Error ? thrown.message : String(thrown) });
      }
    }
    return { definitions: [...definitions.values()], problems };
  }

  /** The file of a provider, also one that cannot be used; null when there is none. */
  find(id: string): string | null {
    const name = this.names().find((each) => parse(each).name === id);
    return name === undefined ? null : join(this.folder, name);
  }

  /** Writes a definition and returns its path. Throws a sentence when it is not a valid one. */
  write(id: string, definition: DefinitionFile): string {
    readDefinition(id, definition, this.original(id));
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const file = join(this.folder, `${id}.yaml`);
    const aside = `${file}.${process.pid}.tmp`;
    writeFileSync(aside, `${Bun.YAML.stringify(definition, null, 2)}\n`, { mode: 0o600 });
    renameSync(aside, file);
    return file;
  }

  /** Removes a provider's file and returns its path; null when there is none. */
  remove(id: string): string | null {
    const file = this.find(id);
    if (file !== null) rmSync(file);
    return file;
  }

  private names(): string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => /^[^.].*\.ya?ml$/.test(name))
        .sort();
    } catch (cause) {
      if (codeOf(cause) === "ENOENT") return [];
      throw cause;
    }
  }
}

function idOf(name: string): string {
  const { success, data, error } = providerId.safeParse(parse(name).name);
  if (success) return data;
  throw new Error(`its name cannot be a provider's: it ${error.issues[0]?.message}`);
}

function yamlIn(file: string): unknown {
  if (statSync(file).size > maxBytes) throw new Error("it is larger than 1 MiB");
  try {
    return Bun.YAML.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`it is not valid YAML (${messageOf(cause)})`, { cause });
  }
}
