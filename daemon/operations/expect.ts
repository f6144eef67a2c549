import type { expectOperations } from "../../src/contract/expect.ts";
import type { Expectations } from "../expect/expectations.ts";
import type { HandlersOf } from "./handler.ts";

export function expectHandlers(expectations: Expectations): HandlersOf<typeof expectOperations> {
  return {
    expect: {
      reply: ({ session: _, ...wanted }, { session, earlier, signal }) =>
        expectations.check(session.row, wanted, earlier, signal),
    },
  };
}
