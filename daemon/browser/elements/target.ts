import { NexoraError } from "../../../src/contract/errors.ts";
import type { RoleStates, Step, TextMatch } from "./page-types.ts";

/** What a caller means: a ref, or what steps find, in the page or in what a ref stands for. */
export interface Target {
  /** As it was written. */
  written: string;
  ref: string | null;
  steps: readonly Step[];
}

/**
 * Reads a target: `@e12`, CSS, or what Playwright calls a selector: `text=Log in`, `text="Log in"`, `text=/log/i`,
 * `role=button[name="Save"]`, `xpath=//td`, each within the one before when `>>` stands between, with `nth=0`
 * and `visible=true` to choose. Throws `usage`.
 */
export function readTarget(written: string): Target {
  const parts = split(written).map((part) => part.trim());
  if (parts.some((part) => part === "")) throw bad(written, "it has an empty part");
  const [first = ""] = parts;
  const ref = /^@e\d+$/.test(first) ? first : null;
  if (first.startsWith("@") && ref === null) throw bad(written, "a ref is written as @e12");
  const steps = parts.slice(ref === null ? 0 : 1).map((part) => readStep(part, written));
  return { written, ref, steps };
}

function readStep(part: string, written: string): Step {
  if (/^(?:\/\/|\.\.)/.test(part)) return { kind: "xpath", xpath: part };
  if (/^(["']).*\1$/s.test(part)) return { kind: "text", match: readText(part, written) };
  const [, engine, body = ""] = /^([a-z][\w-]*)\s*=(?!=)(.*)$/s.exec(part) ?? [];
  switch (engine) {
    case undefined:
      return { kind: "css", css: part };
    case "css":
      return { kind: "css", css: body };
    case "xpath":
      return { kind: "xpath", xpath: body };
    case "text":
      return { kind: "text", match: readText(body.trim(), written) };
    case "role":
      return readRole(body.trim(), written);
    case "nth":
      if (!/^-?\d{1,6}$/.test(body)) throw bad(written, "nth takes a whole number, from 0");
      return { kind: "nth", nth: Number(body) };
    case "visible":
      if (!/^(?:true|false)$/.test(body)) throw bad(written, "visible is true or false");
      return { kind: "visible", visible: body === "true" };
    default:
      throw bad(written, `there is no way to look for \`${engine}=\``);
  }
}

function readText(body: string, written: string): TextMatch {
  if (body === "") throw bad(written, "it names no text");
  const [, quote, quoted = ""] = /^(["'])(.*)\1$/s.exec(body) ?? [];
  if (quote !== undefined) return { text: unescaped(quoted), exact: true };
  return readPattern(body, written) ?? { text: body, exact: false };
}

function readPattern(body: string, written: string): TextMatch | null {
  const [, pattern, flags = ""] = /^\/(.+)\/([a-z]*)$/s.exec(body) ?? [];
  if (pattern === undefined) return null;
  try {
    new RegExp(pattern, flags);
  } catch {
    throw bad(written, "it is no regular expression");
  }
  return { pattern, flags };
}

const attribute =
  /^\[\s*([a-z-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/(?:[^/\\]|\\.)+\/[a-z]*|[^\]\s"']+)\s*([is])?\s*)?\]\s*/s;

function readRole(body: string, written: string): Step {
  const [all = "", role = ""] = /^([a-zA-Z]+)\s*/.exec(body) ?? [];
  if (role === "") throw bad(written, "it names no role");
  let rest = body.slice(all.length);
  const states: RoleStates = {};
  let name: TextMatch | null = null;
  let hidden = false;
  while (rest !== "") {
    const found = attribute.exec(rest);
    if (!found)
      throw bad(written, `${JSON.stringify(rest.slice(0, 60))} is none of a role's attributes`);
    rest = rest.slice(found[0].length);
    const [, key = "", value, flag] = found;
    switch (key) {
      case "name":
        name = readName(value ?? "", flag, written);
        break;
      case "include-hidden":
        hidden = readBoolean(value, key, written);
        break;
      case "level":
        if (!/^\d{1,2}$/.test(value ?? "")) throw bad(written, "level is a number");
        states.level = Number(value);
        break;
      case "checked":
      case "pressed":
        states[key] = value === "mixed" ? "mixed" : readBoolean(value, key, written);
        break;
      case "disabled":
      case "expanded":
      case "selected":
        states[key] = readBoolean(value, key, written);
        break;
      default:
        throw bad(written, `a role has no attribute ${JSON.stringify(key)}`);
    }
  }
  return { kind: "role", role: role.toLowerCase(), name, states, hidden };
}

function readName(value: string, flag: string | undefined, written: string): TextMatch {
  const pattern = readPattern(value, written);
  if (pattern) return pattern;
  const [, quote, quoted = ""] = /^(["'])(.*)\1$/s.exec(value) ?? [];
  if (quote === undefined) throw bad(written, 'a name stands in quotes: [name="Save"]');
  return { text: unescaped(quoted), exact: flag !== "i" };
}

function readBoolean(value: string | undefined, key: string, written: string): boolean {
  if (value === undefined || value === "true") return true;
  if (value === "false") return false;
  throw bad(written, `${key} is true or false`);
}

/** The parts between `>>`, where that stands in no quotes, brackets or pattern. */
function split(written: string): string[] {
  const parts = [""];
  const token = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|=\s*\/(?:[^/\\]|\\.)+\/|>>|[\s\S]/g;
  for (const [text] of written.matchAll(token)) {
    if (text === ">>") parts.push("");
    else parts[parts.length - 1] += text;
  }
  return parts;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, "$1");
}

/** The error for a target that cannot be read. */
export function bad(written: string, why: string): NexoraError {
  return new NexoraError(
    "usage",
    `${JSON.stringify(written.slice(0, 200))} is not a target: ${why}`,
    {
      hint: 'a target is a ref such as @e12, CSS, text=Save, or role=button[name="Save"]',
    },
  );
}
