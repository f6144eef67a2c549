import { NexoraError } from "../../../src/contract/errors.ts";

interface SafetyCheck {
  id: string;
  code?: string | null;
  message?: string | null;
}

/** Computer calls in one response; each is answered with a picture. */
const maxCalls = 20;

/** A computer_call, as the model wrote it. */
export interface ComputerCall {
  id: string;
  actions: readonly unknown[];
  checks: SafetyCheck[];
}

/**
 * The computer calls in a response's output, and the ids of the calls that are others' to answer. Throws
 * `usage` for one without an id, which nobody can answer, for one with a check that nobody can agree to, and
 * for too many.
 */
export function callsOf(output: readonly Record<string, unknown>[]): {
  calls: ComputerCall[];
  left: string[];
} {
  const calls: ComputerCall[] = [];
  const left: string[] = [];
  for (const [at, item] of output.entries()) {
    const { type, call_id: id, action, actions, pending_safety_checks: checks } = item;
    if (type !== "computer_call") {
      if (typeof id === "string" && String(type).endsWith("_call")) left.push(id);
      continue;
    }
    if (typeof id !== "string" || id === "") {
      throw new NexoraError("usage", `output.${at}: a computer_call has a call_id`);
    }
    const list = Array.isArray(actions) ? actions : [];
    // Without any, the model wants to see the screen.
    const all = list.length > 0 ? list : action ? [action] : [];
    calls.push({ id, actions: all, checks: checksOf(checks, `output.${at}`) });
    if (calls.length > maxCalls) {
      throw new NexoraError("usage", `output: more than ${maxCalls} computer calls`);
    }
  }
  return { calls, left };
}

/** Throws `conflict`, with what there is to agree to, unless somebody has agreed to all. */
export function checkAgreed(calls: readonly ComputerCall[], acknowledged: readonly string[]): void {
  const open = calls.flatMap(({ checks }) => checks.filter(({ id }) => !acknowledged.includes(id)));
  if (open.length === 0) return;
  const listed = open.map(({ id, code, message }) => `${id} (${message || code || "no reason"})`);
  throw new NexoraError(
    "conflict",
    `safety checks that nobody has agreed to: ${listed.join(", ")}; nothing was done`,
    {
      hint: "ask the person whom it is about; then send it again with their ids in `acknowledged`",
      details: { checks: open },
    },
  );
}

/** Throws `usage` for one that is not understood: it must not be passed over. */
function checksOf(checks: unknown, where: string): SafetyCheck[] {
  if (checks === undefined || checks === null) return [];
  const list: unknown[] = Array.isArray(checks) ? checks : [checks];
  return list.map((check) => {
    const { id, code, message } = (check ?? {}) as Record<string, unknown>;
    if (typeof id !== "string") {
      throw new NexoraError("usage", `${where}: a pending safety check has an id`);
    }
    return { id, ...textIn("code", code), ...textIn("message", message) };
  });
}

function textIn<K extends string>(name: K, value: unknown) {
  if (value !== null && typeof value !== "string") return {};
  return { [name]: value } as Record<K, string | null>;
}
