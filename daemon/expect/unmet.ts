import { type ErrorBody, NexoraError } from "../../src/contract/errors.ts";
import type { ExpectOutput } from "../../src/contract/expect.ts";

/** Why a list stops at a check that is not a yes; null: it goes on. */
export function unmet({ answer, checks }: ExpectOutput): ErrorBody | null {
  if (answer === "yes") return null;
  const said = checks.filter((check) => check.answer === answer);
  const why = said.map((each) => `${each.condition}: ${each.why}`).join("; ");
  return answer === "no"
    ? new NexoraError("check_failed", `not as expected: ${why}`).toJSON()
    : new NexoraError("check_unknown", `whether it is as expected cannot be told: ${why}`, {
        hint: "what is unknown stops a list as a no does; `nexora wait` waits until something holds",
      }).toJSON();
}
