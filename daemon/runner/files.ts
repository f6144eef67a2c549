import { z } from "zod";
import { NexoraError } from "../../src/contract/errors.ts";
import type { RunnerFileStat, RunnerFolder } from "../../src/runner/files.ts";
import { count, line } from "./bounds.ts";
import { checked } from "./reply.ts";
import type { RunnerRequests } from "./requests.ts";

const type = z.enum(["file", "directory", "other"]);

const statReply = z.object({
  type: z.enum([...type.options, "link", "none"]),
  sizeBytes: count,
}) satisfies z.ZodType<RunnerFileStat>;

const folderReply = z.object({
  entries: z.array(z.object({ name: line(4096), type })).max(10_000),
  truncated: z.boolean(),
}) satisfies z.ZodType<RunnerFolder>;

const unpackedReply = z.object({ path: line(4096) });

/** The files in a workstation. */
export class RunnerFiles {
  constructor(private readonly requests: RunnerRequests) {}

  /** What a path is. */
  stat(session: string, path: string, signal?: AbortSignal): Promise<RunnerFileStat> {
    return this.requests.ask(statReply, session, { at: filesAt("files/stat", path) }, signal);
  }

  /** What is in a folder. */
  list(session: string, path: string, signal?: AbortSignal): Promise<RunnerFolder> {
    return this.requests.ask(folderReply, session, { at: filesAt("files/list", path) }, signal);
  }

  /** A tar archive of a path. */
  async pack(
    session: string,
    path: string,
    signal?: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const at = `/runner/${filesAt("files", path)}`;
    const reply = await this.requests.fetch(session, at, {}, signal);
    if (reply.body) return reply.body;
    throw new NexoraError("engine_failed", "the workstation sent no archive", {
      hint: "see `nexora session logs`",
    });
  }

  /** Unpacks a tar archive into a folder, however long that takes. */
  async unpack(
    session: string,
    path: string,
    archive: ReadableStream<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<{ path: string }> {
    const at = `/runner/${filesAt("files", path)}`;
    const init = { method: "PUT", body: archive };
    return checked(unpackedReply, await this.requests.fetch(session, at, init, signal));
  }
}

function filesAt(route: string, path: string): string {
  return `${route}?path=${encodeURIComponent(path)}`;
}
