import { version as packageVersion } from "../package.json" with { type: "json" };

/** Version of this build of Nexora. */
export const version: string = packageVersion;

/**
 * Whether a command and a daemon of these versions understand each other: the same major version,
 * and before 1.0 the same minor one (Semantic Versioning, item 4).
 */
export function compatible(one: string, other: string): boolean {
  return generation(one) === generation(other);
}

function generation(text: string): string {
  const [major = "", minor = ""] = text.split(".");
  return major === "0" ? `0.${minor}` : major;
}
