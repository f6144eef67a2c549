import { NexoraError } from "../../src/contract/errors.ts";
import type { Driver } from "../drivers/driver.ts";
import type { SessionRow } from "../store/sessions.ts";
import { refOf } from "./directory.ts";

type Asked = Pick<Driver, "identity" | "inspect">;

/**
 * Whether a session is another engine's than the one that answers: by its name, and because that one
 * has no workstation of it. Then it is not to be judged.
 */
export async function isElsewhere(
  driver: Asked,
  row: SessionRow,
  signal: AbortSignal,
): Promise<boolean> {
  if (row.engine === null || row.engine === (await driver.identity(signal))) return false;
  return (await driver.inspect(refOf(row), signal)) === null;
}

/** A home is on one engine: another would start the session on an empty one. Throws `engine_unreachable`. */
export async function requireOwnEngine(
  driver: Asked,
  row: SessionRow,
  signal: AbortSignal,
): Promise<void> {
  if (!(await isElsewhere(driver, row, signal))) return;
  const { name, engine } = row;
  throw new NexoraError(
    "engine_unreachable",
    `session ${name} is on another engine than the one that answers now`,
    { hint: "point DOCKER_HOST at that engine and restart the daemon", details: { engine } },
  );
}
