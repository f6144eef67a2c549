import type { Random } from "./target.ts";

const texts = [
  ...["", "SIGKILL", "usage", "engine_failed", "t1", "0x400003", "terminal", "heartbeat"],
  ...["\u001b]0;owned\u0007", "\u009b2J", "\u202egnp.exe", "a\nb", "\ud800", "x".repeat(5000)],
];
const numbers = [0, 1, -1, 0.5, 255, 2 ** 31, 2 ** 53, 5e8, -1e300, 1e308];

/** A JSON text of an object with some of these fields, its values whatever chance gives. */
export function jsonOf(random: Random, fields: readonly string[]): string {
  const some = Array.from({ length: random(8) }, () => fields[random(fields.length)] ?? "x");
  const members = some.map((name) => `${JSON.stringify(name)}:${JSON.stringify(anything(random))}`);
  return `{${members.join(",")}}`;
}

/** A JSON value. */
export function anything(random: Random, depth = 0): unknown {
  const kind = random(depth > 3 ? 4 : 6);
  if (kind === 0) return texts[random(texts.length)];
  if (kind === 1) return numbers[random(numbers.length)];
  if (kind === 2) return random(2) === 0;
  if (kind === 3) return null;
  const parts = Array.from({ length: random(4) }, () => anything(random, depth + 1));
  if (kind === 4) return parts;
  return Object.fromEntries(parts.map((part, at) => [texts[at] ?? "x", part]));
}

/** The same value with something in it put in place of something else, or left out. */
export function altered(random: Random, value: unknown, depth = 0): unknown {
  if (random(12 + depth * 4) === 0) return anything(random);
  if (Array.isArray(value)) {
    const parts = value.map((part) => altered(random, part, depth + 1));
    return random(30) === 0 ? [...parts, ...Array(random(3000)).fill(parts[0])] : parts;
  }
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(() => random(40) > 0);
  return Object.fromEntries(kept.map(([name, part]) => [name, altered(random, part, depth + 1)]));
}
