import { NexoraError } from "../../src/contract/errors.ts";
import { nobody } from "../workspaces/plan.ts";
import type { Driver, ImageStore, WorkspaceUse } from "./driver.ts";

/** Whom a workstation runs as, on a checked workspace. Throws `usage` for a folder that the engine cannot show. */
export async function planWorkspace(
  driver: Pick<Driver, "kind" | "workspaces">,
  workspace: string | null,
): Promise<WorkspaceUse> {
  if (driver.workspaces) return driver.workspaces.plan(workspace);
  if (workspace === null) return { workspace, workspaceIdentity: null, ...nobody };
  throw lacking(driver.kind, "cannot show folders of this host", "leave the workspace out");
}

/** The image of a new session. Throws `image_missing`, or `usage` for one that the engine cannot have. */
export async function chooseImage(
  driver: Pick<Driver, "kind" | "images">,
  reference: string | undefined,
  signal?: AbortSignal,
): Promise<{ reference: string; current: boolean }> {
  if (driver.images) return driver.images.resolve(reference, signal);
  if (reference === undefined) return { reference: "", current: true };
  throw withoutImages(driver.kind);
}

/** What stands in for the images of an engine that has none: all that is asked of it is an error. */
export function noImages({ kind }: Pick<Driver, "kind">): ImageStore {
  const refuse = async () => {
    throw withoutImages(kind);
  };
  return {
    // biome-ignore lint/correctness/useYield: it has nothing to say before it fails
    build: async function* () {
      throw withoutImages(kind);
    },
    list: refuse,
    find: refuse,
    resolve: refuse,
    remove: refuse,
  };
}

function withoutImages(kind: string): NexoraError {
  return lacking(kind, "has no images of its own", "leave the image out");
}

function lacking(kind: string, what: string, hint: string): NexoraError {
  return new NexoraError("usage", `this engine (${kind}) ${what}`, { hint });
}
