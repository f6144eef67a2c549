import { deadline } from "../../src/abort.ts";
import type { sessionOperations } from "../../src/contract/session.ts";
import type { newSessionOperations } from "../../src/contract/session-new.ts";
import type { Driver } from "../drivers/driver.ts";
import type { Exec } from "../exec/exec.ts";
import { sees } from "../principals/principal.ts";
import type { Activity } from "../sessions/activity.ts";
import type { Directory } from "../sessions/directory.ts";
import type { Lifecycle } from "../sessions/lifecycle.ts";
import { sessionLog } from "../sessions/logs.ts";
import type { SessionRepository, SessionRow } from "../store/sessions.ts";
import type { HandlersOf } from "./handler.ts";

/** How long `session.show` waits for what the session uses, in milliseconds. */
const statsMs = 3000;

export interface SessionParts {
  directory: Directory;
  lifecycle: Lifecycle;
  rows: SessionRepository;
  driver: Driver;
  exec: Exec;
  activity: Activity;
}

type Operations = readonly [...typeof newSessionOperations, ...typeof sessionOperations];

export function sessionHandlers(parts: SessionParts): HandlersOf<Operations> {
  const { directory, lifecycle, rows, driver, exec, activity } = parts;
  const shown = (row: SessionRow) => directory.show(row);
  return {
    "session.new": {
      async reply(input, { signal, about }) {
        const row = await lifecycle.create(input, signal);
        about(row);
        return shown(row);
      },
    },
    "session.ls": {
      async reply(_, { principal }) {
        const all = await rows.list();
        return { sessions: all.filter(({ id }) => sees(principal, id)).map(shown) };
      },
    },
    "session.show": {
      async reply(_, { session, signal }) {
        const live = directory.peek(session.id);
        // What is known of the session is told also while the engine is away.
        const stats = live
          ? await driver.stats(live.ref, deadline(statsMs, signal)).catch(() => null)
          : null;
        return { ...shown(session), stats, logTail: session.logTail };
      },
    },
    "session.stop": { reply: async (_, { session }) => shown(await lifecycle.stop(session)) },
    "session.start": {
      reply: async (_, { session, signal }) => shown(await lifecycle.start(session, signal)),
    },
    "session.rename": {
      async reply({ name }, { session }) {
        const row = await rows.update(session.id, { name });
        directory.refresh(row);
        return shown(row);
      },
    },
    "session.rm": {
      async reply(_, { session }) {
        await lifecycle.remove(session);
        return { id: session.id, name: session.name };
      },
    },
    "session.logs": {
      async *stream(input, { session, signal }) {
        // Who follows a session's log uses it.
        using _used = input.follow ? activity.hold(session.id) : null;
        yield* sessionLog({ driver, directory }, session, input, signal);
      },
    },
    "session.attach": {
      stream: (_, { session, source, signal }) => exec.attach(session.row.id, source, signal),
    },
  };
}
