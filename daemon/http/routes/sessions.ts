import {
  sessionAttach,
  sessionList,
  sessionLogs,
  sessionNew,
  sessionRemove,
  sessionRename,
  sessionShow,
  sessionStart,
  sessionStop,
} from "../../../src/contract/session.ts";
import { framesContentType } from "../../../src/frames.ts";
import type { Driver } from "../../drivers/driver.ts";
import type { Exec } from "../../exec/exec.ts";
import type { Activity } from "../../sessions/activity.ts";
import type { Directory } from "../../sessions/directory.ts";
import type { Lifecycle } from "../../sessions/lifecycle.ts";
import { sessionLog } from "../../sessions/logs.ts";
import type { SessionRepository, SessionRow } from "../../store/sessions.ts";
import type { Router } from "../route.ts";

export interface SessionRouteParts {
  directory: Directory;
  lifecycle: Lifecycle;
  rows: SessionRepository;
  driver: Driver;
  exec: Exec;
  activity: Activity;
}

export function sessionRoutes(router: Router, parts: SessionRouteParts): void {
  const { directory, lifecycle, rows, driver, exec, activity } = parts;
  const shown = (row: SessionRow) => directory.show(row);
  router
    .on(sessionNew, async ({ input, signal }) => shown(await lifecycle.create(input, signal)))
    .on(sessionList, async () => ({ sessions: (await rows.list()).map(shown) }))
    .on(sessionShow, async ({ input, signal }) => {
      const row = await directory.row(input.session);
      const live = directory.peek(row.id);
      // What is known of the session is told also while the engine is away.
      const stats = live ? await driver.stats(live.ref, signal).catch(() => null) : null;
      return { ...shown(row), stats, logTail: row.logTail };
    })
    .on(sessionStop, async ({ input }) =>
      shown(await lifecycle.stop(await directory.row(input.session))),
    )
    .on(sessionStart, async ({ input, signal }) =>
      shown(await lifecycle.start(await directory.row(input.session), signal)),
    )
    .on(sessionRename, async ({ input }) => {
      const { id } = await directory.row(input.session);
      const row = await rows.update(id, { name: input.name });
      directory.refresh(row);
      return shown(row);
    })
    .on(sessionRemove, async ({ input }) => {
      const row = await directory.row(input.session);
      await lifecycle.remove(row);
      return { id: row.id, name: row.name };
    })
    .on(sessionLogs, async ({ input, signal }) => {
      const row = await directory.row(input.session);
      const lines = textStream(sessionLog({ driver, directory }, row, input, signal));
      const stream = input.follow ? activity.during(row.id, lines) : lines;
      return new Response(stream, { headers: { "content-type": "text/plain; charset=utf-8" } });
    })
    .on(sessionAttach, async ({ input, request, signal }) => {
      const { row } = await directory.running(input.session);
      const body = request.body ?? new Uint8Array();
      const reply = await exec.stream(row.id, "/runner/attach", body, signal);
      return new Response(reply, { headers: { "content-type": framesContentType } });
    });
}

function textStream(lines: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = lines[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${value}\n`));
    },
    cancel: async () => void (await iterator.return?.()),
  });
}
