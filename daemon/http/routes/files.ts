import { filesGet, filesPut, filesStat } from "../../../src/contract/files.ts";
import type { RunnerClient } from "../../runner/client.ts";
import type { Activity } from "../../sessions/activity.ts";
import type { Directory } from "../../sessions/directory.ts";
import type { Router } from "../route.ts";

/** Files go through as tar streams; nothing is unpacked in the daemon. */
export function fileRoutes(
  router: Router,
  parts: { directory: Directory; runner: Pick<RunnerClient, "fetch">; activity: Activity },
): void {
  const { directory, runner, activity } = parts;
  const forward = async (
    reference: string,
    route: string,
    path: string,
    init: RequestInit,
    signal: AbortSignal,
  ) => {
    const { row } = await directory.running(reference);
    using _used = activity.hold(row.id);
    const target = `${route}?path=${encodeURIComponent(path)}`;
    const reply = await runner.fetch(row.id, target, init, signal);
    return reply.body ? new Response(activity.during(row.id, reply.body)) : reply;
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
