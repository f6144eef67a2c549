import type { batchOperations } from "../../src/contract/batch.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import { screenOptions } from "../../src/contract/screen.ts";
import type { Actions } from "../actions/actions.ts";
import type { Batches, BatchResult } from "../actions/batches.ts";
import type { Settling } from "../actions/settling.ts";
import { StepLooks } from "../actions/step-looks.ts";
import type { Screens } from "../perception/screens.ts";
import type { Turns } from "../turns.ts";
import type { HandlersOf } from "./handler.ts";

export interface BatchParts {
  actions: Actions;
  batches: Batches;
  screens: Screens;
  settling: Settling;
  turns: Pick<Turns, "hold">;
}

export function batchHandlers(parts: BatchParts): HandlersOf<typeof batchOperations> {
  const { actions, batches, screens, settling, turns } = parts;
  return {
    batch: {
      reply({ actions: list, thenScreen, observe, ...input }, { session, principal, signal }) {
        const { row } = session;
        const steps = batches.plan(row.id, list, principal);
        const work = async () => {
          const look = thenScreen === true ? screenOptions.parse({ image: false }) : thenScreen;
          const looks =
            observe === "each"
              ? await StepLooks.begin({ screens, settling }, row, input.settleMs, signal)
              : null;
          let done: BatchResult | null = null;
          const run = async () => {
            done = await batches.run(steps, principal, looks, signal);
            return done;
          };
          const then = { ...input, thenScreen: look && { ...look, since: look.since ?? "before" } };
          const all = actions.perform(session, then, signal, run, ({ failed }) => failed === null);
          return all.catch((error) => {
            throw done ? withResult(error, done) : error;
          });
        };
        return turns.hold(row.id, work, signal);
      },
    },
  };
}

/** What was done is told also when the wait or the look after it fails. */
function withResult(error: unknown, { results, failed }: BatchResult): unknown {
  if (!(error instanceof NexoraError)) return error;
  const { code, message, hint, details, cause } = error;
  return new NexoraError(code, message, { hint, details: { ...details, results, failed }, cause });
}
