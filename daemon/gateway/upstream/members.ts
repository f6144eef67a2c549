/**
 * Changes members of a JSON object in its text, and leaves the others as they are: numbers keep their
 * digits, and members their order. One that the object has more than once is changed at each place,
 * so that no reader of it sees another value than we did.
 *
 * `text` is a valid JSON object (RFC 8259); `changes` are values as JSON by name, null to remove it.
 */
export function withMembers(text: string, changes: ReadonlyMap<string, string | null>): string {
  const missing = new Map(changes);
  let result = "";
  let kept = 0;
  for (const { name, start, from, to } of membersOf(text)) {
    const value = changes.get(name);
    if (value === undefined) continue;
    if (value === null) return without(text, changes);
    missing.delete(name);
    if (to - from === value.length && text.startsWith(value, from)) continue;
    result += `${text.slice(kept, start)}${JSON.stringify(name)}:${value}`;
    kept = to;
  }
  result += text.slice(kept);
  const added = [...missing].flatMap(([name, value]) =>
    value === null ? [] : [`${JSON.stringify(name)}:${value}`],
  );
  if (added.length === 0) return result;
  const open = result.indexOf("{") + 1;
  const isEmpty = result.charCodeAt(skipSpace(result, open)) === closeBrace;
  return `${result.slice(0, open)}${added.join(",")}${isEmpty ? "" : ","}${result.slice(open)}`;
}

/** As `withMembers`, where some go: the space between members goes as well. */
function without(text: string, changes: ReadonlyMap<string, string | null>): string {
  const kept: string[] = [];
  for (const { name, start, to } of membersOf(text)) {
    if (changes.get(name) !== null) kept.push(text.slice(start, to));
  }
  const rest = [...changes].filter(([, value]) => value !== null);
  return withMembers(`{${kept.join(",")}}`, new Map(rest));
}

interface Member {
  name: string;
  /** Where it begins. */
  start: number;
  /** Where its value is in the text. */
  from: number;
  to: number;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

function* membersOf(text: string): Generator<Member> {
  let at = skipSpace(text, text.indexOf("{") + 1);
  while (text.charCodeAt(at) === quote) {
    const end = stringEnd(text, at);
    const name = text.slice(at + 1, end - 1);
    const from = skipSpace(text, text.indexOf(":", end) + 1);
    const to = valueEnd(text, from);
    yield {
      start: at,
      name: name.includes("\\") ? JSON.parse(text.slice(at, end)) : name,
      from,
      to,
    };
    at = skipSpace(text, to);
    if (text.charCodeAt(at) !== comma) return;
    at = skipSpace(text, at + 1);
  }
}

/** The index behind a value that begins at `at`. */
function valueEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === quote) return stringEnd(text, at);
  if (first !== openBrace && first !== openBracket) return scalarEnd(text, at);
  let depth = 0;
  for (let index = at; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) index = stringEnd(text, index) - 1;
    else if (code === openBrace || code === openBracket) depth++;
    else if (code === closeBrace || code === closeBracket) {
      depth--;
      if (depth === 0) return index + 1;
    }
  }
  return text.length;
}

function scalarEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && /[\w.+-]/.test(text.charAt(end))) end++;
  return end;
}

/** The index behind the string that begins at `at`. */
function stringEnd(text: string, at: number): number {
  let end = at;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
  } while (isEscaped(text, end));
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before--;
  return (at - before) % 2 === 0;
}

function skipSpace(text: string, at: number): number {
  let index = at;
  for (;;) {
    const code = text.charCodeAt(index);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return index;
    index++;
  }
}
