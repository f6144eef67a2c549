import type { Protocol } from "devtools-protocol/types/protocol.js";
import { deadline } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { exactDuration } from "../../../src/duration.ts";
import { plainText } from "../../../src/plain-text.ts";
import type { Page } from "../page.ts";
import { exceptionText } from "./console-log.ts";

/** How long a page may take to show that it still runs other scripts, in milliseconds. */
const aliveMs = 500;
/** A command's answer may come so long after the script's own deadline, which is to tell; in milliseconds. */
const graceMs = 1_000;
/** Characters of an exception that an error tells. */
const maxException = 2_000;

export interface Script {
  /** An expression, or a function that is called with `arg`. */
  expression: string;
  arg?: unknown;
  timeoutMs: number;
  /** Longest result as JSON, in characters. */
  maxLength: number;
}

/** A script's result: as JSON has it, and what JavaScript calls it. */
export interface Evaluated {
  value: unknown;
  /** `undefined`, `number`, `node`, `map` …; JSON knows fewer. */
  type: string;
}

/** Turns `this` into JSON, in the page: what JSON lacks as the nearest that it has. */
const serializer = `function (most) {
  const json = JSON.stringify(this, (key, value) => {
    if (typeof value === "bigint" || typeof value === "symbol") return String(value);
    if (typeof value === "function") return "function " + value.name;
    if (value instanceof Map) return Object.fromEntries(value);
    if (value instanceof Set) return [...value];
    if (value instanceof Error) return String(value);
    if (value instanceof Node) return (value.outerHTML ?? value.nodeValue ?? value.nodeName).slice(0, 1000);
    if (value instanceof NodeList || value instanceof HTMLCollection) return [...value];
    return value;
  });
  return json === undefined ? "null" : json.length > most ? json.length : json;
}`;

/**
 * Runs a script in the page's main frame, as its own scripts run. Throws `action_failed` for what it throws, for a
 * result that is no tree or too long, and `timeout` when it does not end; what hangs is ended.
 */
export async function evaluate(
  page: Page,
  script: Script,
  signal: AbortSignal,
): Promise<Evaluated> {
  const late = deadline(script.timeoutMs, signal);
  try {
    return await run(page, script, late);
  } catch (error) {
    if (error instanceof NexoraError && error.code === "too_large") throw tooLong(null);
    const ended = error instanceof ScriptEnded;
    if (signal.aborted || !(late.aborted || ended)) throw error;
    const answers = ended || (await endScript(page, signal));
    throw new NexoraError(
      "timeout",
      `the script has not ended within ${exactDuration(script.timeoutMs)}`,
      {
        hint: answers
          ? "give it more time (--timeout), or `nexora chrome wait` for what it waits for"
          : "the page does not answer: a dialog may be open on the screen, which `nexora key Return` accepts; else `nexora chrome tabs close` ends it",
      },
    );
  }
}

/** V8 has ended the script at its time limit. */
class ScriptEnded extends Error {}

async function run(page: Page, script: Script, signal: AbortSignal): Promise<Evaluated> {
  const how = { userGesture: true, awaitPromise: true, generatePreview: false };
  const until = { signal, timeoutMs: script.timeoutMs + graceMs };
  let { result, exceptionDetails } = await page.send(
    "Runtime.evaluate",
    { ...how, expression: script.expression, replMode: true, timeout: script.timeoutMs },
    until,
  );
  if (exceptionDetails) throw thrown(exceptionDetails);
  if (result.type === "function" && result.objectId !== undefined) {
    const args = script.arg === undefined ? [] : [{ value: script.arg }];
    const call = { functionDeclaration: "function (...args) { return this(...args); }" };
    ({ result, exceptionDetails } = await page.send(
      "Runtime.callFunctionOn",
      { ...how, ...call, objectId: result.objectId, arguments: args },
      until,
    ));
  } else if (result.subtype === "promise" && result.objectId !== undefined) {
    ({ result, exceptionDetails } = await page.send(
      "Runtime.awaitPromise",
      { promiseObjectId: result.objectId },
      until,
    ));
  }
  if (exceptionDetails) throw thrown(exceptionDetails);
  return resultOf(page, result, script.maxLength, until);
}

async function resultOf(
  page: Page,
  result: Protocol.Runtime.RemoteObject,
  maxLength: number,
  until: { signal: AbortSignal; timeoutMs: number },
): Promise<Evaluated> {
  const type = result.subtype ?? result.type;
  const { objectId, unserializableValue } = result;
  if (unserializableValue !== undefined) return { value: unserializableValue, type };
  if (objectId === undefined) {
    const { value = null } = result;
    if (typeof value === "string" && value.length > maxLength) throw tooLong(value.length);
    return { value, type };
  }
  const how = { functionDeclaration: serializer, returnByValue: true, silent: true };
  const said = await page.send(
    "Runtime.callFunctionOn",
    { ...how, objectId, arguments: [{ value: maxLength }] },
    until,
  );
  // Nobody waits for it.
  void page.send("Runtime.releaseObject", { objectId }, { signal: until.signal }).catch(() => {});
  if (said.exceptionDetails) throw noJson(said.exceptionDetails);
  const json: unknown = said.result.value;
  if (typeof json === "number") throw tooLong(json);
  if (typeof json !== "string" || json.length > maxLength) throw tooLong(String(json).length);
  try {
    return { value: JSON.parse(json), type };
  } catch {
    throw new NexoraError(
      "action_failed",
      "the page has replaced JSON.stringify, so that the result cannot be told",
      {
        hint: "return a string or a number",
      },
    );
  }
}

function thrown(details: Protocol.Runtime.ExceptionDetails): Error {
  if (/execution was terminated/i.test(exceptionText(details))) return new ScriptEnded();
  const said = plainText(exceptionText(details)).slice(0, maxException);
  const [first = ""] = said.split("\n");
  return new NexoraError("action_failed", `the script has thrown ${first}`, {
    hint: /is not defined|null|undefined/.test(first)
      ? "is the page as the script expects it? `nexora chrome snapshot` shows it"
      : undefined,
    details: { exception: said },
  });
}

function noJson(details: Protocol.Runtime.ExceptionDetails): NexoraError {
  const said = plainText(exceptionText(details)).slice(0, maxException);
  const isCycle = /circular|cyclic/i.test(said);
  const why = isCycle ? "it contains itself" : (said.split("\n")[0] ?? "");
  return new NexoraError("action_failed", `the result cannot be given as JSON: ${why}`, {
    hint: "let the script return only what is needed, for example its id or text",
    details: { exception: said },
  });
}

function tooLong(length: number | null): NexoraError {
  const size = length === null ? "" : `: ${length} characters of JSON`;
  return new NexoraError("action_failed", `the result is too long${size}`, {
    hint: "let the script return only what is needed, or write it to a file",
  });
}

/**
 * Ends what still runs; whether the page answers then. A script that only waits is left alone: ending "it" would
 * end the page's next one.
 */
async function endScript(page: Page, signal: AbortSignal): Promise<boolean> {
  const asks = async () => {
    const asked = { signal: deadline(aliveMs, signal) };
    return page.send("Runtime.evaluate", { expression: "1" }, asked).catch(() => null);
  };
  if (await asks()) return true;
  const ending = { signal: deadline(aliveMs, signal) };
  await page.send("Runtime.terminateExecution", undefined, ending).catch(() => {});
  return (await asks()) !== null;
}
