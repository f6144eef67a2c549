import type { ObjectType, Place } from "./schema.ts";

/** `rotate-master` → `RotateMaster`; what is no letter or digit parts words. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** `rotate-master` → `rotateMaster`. */
export function camel(text: string): string {
  const name = pascal(text);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `rotate-master` → `rotate_master`. */
export function snake(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, "_");
}

/**
 * Gives each object a name of its own: `Session` for what several operations have in a field
 * `sessions`, `ExecInputTty` for what only one has. `reserved` are names that are taken.
 */
export function nameObjects(objects: readonly ObjectType[], reserved: readonly string[]): void {
  const taken = new Set(reserved);
  // A whole input or reply first: whoever reads `ScreenOutput` expects `screen`'s.
  const inOrder = [...objects].sort((a, b) => Number(isWhole(b)) - Number(isWhole(a)));
  for (const object of inOrder) {
    const names = [shortName(object), longName(object.places[0])];
    for (let number = 2; names.length < 100; number++) names.push(`${names[1]}${number}`);
    const free = names.find((name) => name !== undefined && !taken.has(name));
    if (free === undefined) throw new Error(`no name is left for ${names[1]}`);
    object.name = free;
    taken.add(free);
  }
}

/** Whether it stands in no field of anything else. */
function isWhole({ places }: ObjectType): boolean {
  return places.every(({ path }) => path.length === 0);
}

/** By the field that it is in, or by what the operations whose reply it is have in common. */
function shortName({ places }: ObjectType): string | undefined {
  const operations = [...new Set(places.map(({ operation }) => operation))];
  if (operations.length < 2) return undefined;
  const counts = new Map<string, number>();
  for (const { path } of places) {
    const name = fieldName(path);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most) return most[0];
  const words = operations.map((id) => id.split("."));
  const shared = words[0]?.filter((word, at) => words.every((each) => each[at] === word)) ?? [];
  return shared.length > 0 ? pascal(shared.join(".")) + (places[0]?.part ?? "") : undefined;
}

/** `sessions`, `[]` → `Session`; undefined where no field is. */
function fieldName(path: readonly string[]): string | undefined {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  if (last !== "[]") return pascal(last);
  const field = path.at(-2);
  return field === undefined || field === "[]" ? undefined : pascal(singular(field));
}

/** All the way down to it: `EventsOutputEventsSession`. */
function longName(place: Place | undefined): string {
  if (!place) throw new Error("an object stands nowhere");
  const steps = place.path.map((step, at) => {
    if (place.path[at + 1] === "[]") return singular(step);
    return step === "[]" ? "" : step;
  });
  return [pascal(place.operation), place.part, ...steps.map(pascal)].join("");
}

function singular(word: string): string {
  if (/ies$/.test(word)) return word.replace(/ies$/, "y");
  if (/(x|ch|sh|ss)es$/.test(word)) return word.replace(/es$/, "");
  return word.replace(/([^s])s$/, "$1");
}
