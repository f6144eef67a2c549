import type { Fields, OperationId } from "../src/contract/index.ts";
import type { Verb } from "./verb.ts";

/** The operations whose input has this field. */
type Taking<Field extends string> = {
  // One without any fields is typed as if it had all.
  [Id in OperationId]: string extends keyof Fields<Id>
    ? never
    : Field extends keyof Fields<Id>
      ? Id
      : never;
}[OperationId];

/** Whether a verb looks after it has acted, at the screen or at the page. */
export function takes<Field extends "thenScreen" | "thenSnapshot">(
  verb: Verb,
  field: Field,
): verb is Verb & { operation: Taking<Field> } {
  return verb.operation !== null && verb.flags.some((flag) => flag.field === field);
}
