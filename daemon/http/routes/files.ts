import { filesGet, filesPut, filesStat } from "../../../src/contract/files.ts";
import type { RunnerClient } from "../../runner/client.ts";
import type { Directory } from "../../sessions/directory.ts";
import type { Router } from "../route.ts";

/** Files go through as tar streams; nothing is unpacked in the daemon. */
export function fileRoutes(
  router: Router,
  { directory, runner }: { directory: Directory; runner: Pick<RunnerClient, "fetch"> },
): void {
  const forward = async (
    reference: string,
    route: string,
    path: string,
    init: RequestInit,
    signal: AbortSignal,
  ) => {
    const { row } = await directory.running(reference);
    return runner.fetch(row.id, `${route}?path=${encodeURIComponent(path)}`, init, signal);
  };
  router
    .on(filesStat, async ({ input, signal }) => {
      const reply = await forward(input.session, "/runner/files/stat", input.path, {}, signal);
      return filesStat.output.parse(await reply.json());
    })
    .on(filesGet, async ({ input, signal }) => {
      const reply = await forward(input.session, "/runner/files", input.path, {}, signal);
      return new Response(reply.body, { headers: { "content-type": "application/x-tar" } });
    })
    .on(filesPut, async ({ input, request, signal }) => {
      const init = { method: "PUT", body: request.body };
      const reply = await forward(input.session, "/runner/files", input.path, init, signal);
      return filesPut.output.parse(await reply.json());
    });
}
