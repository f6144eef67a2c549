import { type BuildContext, contextFromTar } from "./context.ts";

/** The context that the build has packed (tar, zstd). Throws when there is none. */
export async function embeddedContext(path: string | null): Promise<BuildContext> {
  if (!path) throw new Error("dist/assets/workstation.tar.zst is missing: run `bun run build`");
  return contextFromTar(await Bun.zstdDecompress(await Bun.file(path).bytes()));
}
