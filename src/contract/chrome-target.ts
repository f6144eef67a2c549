import { z } from "zod";
import { changedOutput, changing, pageErrors } from "./chrome-changes.ts";
import { durationMs, plainText, sessionRef } from "./operation.ts";
import { restartedField } from "./tab.ts";

export const chromePath = "/v1/sessions/{session}/chrome";

/** What a verb is about on a page. */
export const target = plainText
  .min(1)
  .max(4000)
  .describe('Which element: @e12, CSS, text=Save, or role=button[name="Save"]');
export const targetArgument = target.meta({ cli: { positional: true, value: "TARGET" } });

/** What every verb takes that acts on an element. */
export const acting = {
  session: sessionRef,
  ...changing,
  timeoutMs: durationMs
    .max(600_000)
    .default(5000)
    .describe("How long the target may take to be there and ready; 5 seconds unless said otherwise")
    .meta({ cli: { flag: "timeout", kind: "duration", value: "DUR" } }),
};

export const hold = z
  .array(z.enum(["ctrl", "shift", "alt", "super"]))
  .max(4)
  .default([])
  .describe("Modifier that is down meanwhile; may be repeated")
  .meta({ cli: { value: "MODIFIER" } });

/** What each of them says: what has changed by it. */
export const changes = { changed: changedOutput, ...restartedField };
export const acted = z.object({
  target: z
    .string()
    .nullable()
    .describe(
      'What it was done to, as `@e5 button "Save"`; null: a dialog has opened before that was known',
    ),
  ...changes,
});

export const acts = {
  access: "act",
  session: "running",
  turn: "begin",
  method: "POST",
  errors: [...pageErrors, "target_not_ready"],
} as const;
