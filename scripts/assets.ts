import { existsSync } from "node:fs";
import { join } from "node:path";
import { tesseract } from "../daemon/assets.ts";
import { sharpFiles } from "./build/sharp.ts";

/** Files that the build makes before it makes the binary, relative to the project. */
export const builtAssets = {
  template: "dist/assets/pgdata.tar.zst",
  workstation: "dist/assets/workstation.tar.zst",
  workstationHash: "dist/assets/workstation.sha256",
} as const;

/**
 * Everything that the binary embeds besides code, as absolute paths; daemon/assets.ts finds each
 * by its base name. Throws when one is missing.
 */
export function embeddedAssets(root: string): string[] {
  const pglite = "node_modules/@electric-sql/pglite/dist";
  const files = [
    "drizzle",
    `${pglite}/pglite.wasm`,
    `${pglite}/initdb.wasm`,
    `${pglite}/pglite.data`,
    ...sharpFiles(root),
    ...Object.values(tesseract),
    "docker/workstation/seccomp.json",
    "daemon/gateway/providers/models-snapshot.json",
    ...Object.values(builtAssets),
  ];
  const missing = files.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) throw new Error(`the build needs ${missing.join(", ")}`);
  return files.map((file) => join(root, file));
}
