import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";

/**
 * Gives the root of a fresh volume to the workstation's user: git refuses to work in a folder of
 * somebody else's. The engine applies the owner of a tar stream's entry for `.`.
 */
export async function ownFolder(
  container: Docker.Container,
  path: string,
  owner: { uid: number; gid: number },
): Promise<void> {
  const tar = pack();
  tar.entry({ name: "./", type: "directory", mode: 0o755, ...owner });
  tar.finalize();
  await container.putArchive(await buffer(tar), { path });
}
