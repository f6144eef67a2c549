import { z } from "zod";
import { exactBytes } from "../src/bytes.ts";
import { exactDuration } from "../src/duration.ts";
import { nearest } from "../src/nearest.ts";

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with a value, in words that follow the name of its field (`size: must be …`). The
 * words of a schema come before these.
 */
export function plainIssue(issue: z.core.$ZodRawIssue): string {
  const field = String(issue.path?.findLast((part) => typeof part === "string") ?? "");
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "missing" : `must be ${kind(issue.expected)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must ${bound("at least", issue.origin, issue.minimum, field)}`;
    case "too_big":
      return `must ${bound("at most", issue.origin, issue.maximum, field)}`;
    case "invalid_union":
      return `must be ${[...new Set(issue.errors.flatMap(kindsOf))].join(" or ")}`;
    case "invalid_key":
      return issue.issues[0]?.message ?? "not a valid name";
    case "invalid_format":
      return issue.format === "url" ? "must be a URL" : `not valid as ${issue.format}`;
    case "unrecognized_keys":
      return `there is no field ${JSON.stringify(issue.keys[0])}`;
    default:
      return "not valid";
  }
}

/** What is wrong with an input, told by one of its issues, and the next step if there is one. */
export interface Explanation {
  message: string;
  hint?: string;
  /** Every issue, that one first. */
  issues: { path: PropertyKey[]; message: string }[];
}

/** Says what is wrong with a value of that schema, naming the field. */
export function explain(schema: z.ZodType, error: z.ZodError): Explanation {
  const all = error.issues.flatMap(leavesOf);
  // A misspelt field that is required is missing as well: its name says more.
  const first = all.find(({ code }) => code === "unrecognized_keys") ?? all[0];
  const ordered = [...new Set([...(first ? [first] : []), ...all])];
  const issues = ordered.map(({ path, message }) => ({ path, message }));
  if (first?.code !== "unrecognized_keys") {
    const field = first?.path.join(".") ?? "";
    return { message: field ? `${field}: ${first?.message}` : `${first?.message}`, issues };
  }
  const name = first.keys[0] ?? "";
  const known = fieldsAt(schema, first.path);
  const [near] = nearest(name, known, 1);
  const within = (field: string) => JSON.stringify([...first.path, field].join("."));
  return {
    message: `there is no field ${within(name)}`,
    ...(near
      ? { hint: `did you mean ${within(near)}?` }
      : known.length > 0
        ? { hint: `expected one of ${known.join(", ")}` }
        : {}),
    issues,
  };
}

/** Of a value that fits no branch of a union, what is wrong with it in the branch of its type. */
function leavesOf(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const branch = issue.errors.find((issues) => kindsOf(issues).length === 0);
  if (!branch) return [issue];
  return branch.flatMap((each) => leavesOf({ ...each, path: [...issue.path, ...each.path] }));
}

/** The type that a branch of a union would have; none when the value is of that type. */
function kindsOf(issues: readonly Issue[]): string[] {
  return issues.flatMap((issue) =>
    issue.code === "invalid_type" && issue.path.length === 0 ? [kind(issue.expected)] : [],
  );
}

interface Property {
  properties?: Record<string, Property>;
  anyOf?: Property[];
  items?: Property;
}

/** The names of the fields that an object at that place may have. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let places: Property[] = [
    z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Property,
  ];
  const branches = (it: Property): Property[] => [it, ...(it.anyOf ?? []).flatMap(branches)];
  for (const part of path) {
    places = places
      .flatMap(branches)
      .flatMap((it) => it.properties?.[String(part)] ?? it.items ?? []);
  }
  return places.flatMap(branches).flatMap((it) => Object.keys(it.properties ?? {}));
}

function kind(expected: string): string {
  if (expected === "int") return "a whole number";
  if (expected === "record") return "an object";
  if (expected === "boolean") return "true or false";
  if (expected === "tuple") return "an array";
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function bound(which: string, origin: string, limit: number | bigint, field: string): string {
  const unit = origin === "string" ? "character" : origin === "array" ? "item" : null;
  // Whole numbers without a limit of their own end where JavaScript's do.
  if (Math.abs(Number(limit)) === Number.MAX_SAFE_INTEGER) return "be a smaller number";
  if (unit === null) return `be ${which} ${amount(Number(limit), field)}`;
  return `have ${which} ${limit} ${unit}${Number(limit) === 1 ? "" : "s"}`;
}

/** A limit in the unit that the field's name states. */
function amount(limit: number, field: string): string {
  if (limit === 0) return "0";
  if (field.endsWith("Bytes")) return `${exactBytes(limit)} (${limit})`;
  if (field.endsWith("Ms")) return `${exactDuration(limit)} (${limit})`;
  return field === "width" || field === "height" ? `${limit} pixels` : String(limit);
}
