import type { Check, Expectation } from "../../src/contract/expect.ts";
import type { Things } from "../desktop/things.ts";
import type { Thing } from "../perception/refs.ts";
import type { MatchPatterns } from "../waits/text-checks.ts";
import { no, type Seen, unknown, unlessSilent, whether, yes } from "./answers.ts";

type Asked = Pick<Expectation, "ref" | "refGone" | "state" | "value">;
type State = Asked["state"][number]["is"];

/** What has a box to check: of anything else it cannot be said that it is unchecked. */
const checkable = ["checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio", "option"];
/** What is so because the other is not. */
const opposites: Partial<Record<State, string>> = {
  enabled: "disabled",
  unfocused: "focused",
  unchecked: "checked",
};

/** Whether things are there, and as expected; nothing is changed by asking. */
export async function thingAnswers(
  { ref, refGone, state, value }: Asked,
  read: (ref: string) => Promise<Thing | null>,
  matches: MatchPatterns,
  signal: AbortSignal,
): Promise<Check[]> {
  const ask = (condition: string, ref: string, answer: (thing: Thing | null) => Promise<Check>) =>
    unlessSilent([condition], async () => [await answer(await read(ref))], signal);
  const checks = await Promise.all([
    ...ref.map((each) =>
      ask(`ref=${each}`, each, async (thing) =>
        whether(thing !== null, `ref=${each}`, gone, seenOf(thing)),
      ),
    ),
    ...refGone.map((each) =>
      ask(`ref-gone=${each}`, each, async (thing) =>
        whether(thing === null, `ref-gone=${each}`, "it is there", seenOf(thing)),
      ),
    ),
    ...state.map(({ ref, is }) =>
      ask(`state=${ref}=${is}`, ref, async (thing) => stateAnswer(`state=${ref}=${is}`, is, thing)),
    ),
    ...value.map((each) =>
      ask(`value=${each.ref}=${each.matches}`, each.ref, (thing) =>
        valueAnswer(`value=${each.ref}=${each.matches}`, each.matches, thing, matches),
      ),
    ),
  ]);
  return checks.flat();
}

/** A thing that is gone has no state any more. */
const gone = "it is not there any more";

function stateAnswer(condition: string, is: State, thing: Thing | null): Check {
  if (!thing) return unknown(condition, gone);
  const seen = seenOf(thing);
  const { states, role } = thing;
  const opposite = opposites[is];
  if (opposite === undefined) {
    return whether(states.includes(is), condition, `it is not ${is}`, seen);
  }
  if (states.includes(opposite)) return no(condition, `it is ${opposite}`, seen);
  if (is !== "unchecked") return yes(condition, seen);
  if (states.includes("mixed")) return no(condition, "it is neither on nor off", seen);
  if (checkable.includes(role)) return yes(condition, seen);
  return unknown(condition, `of a ${role} it is not told whether it is checked`, seen);
}

async function valueAnswer(
  condition: string,
  pattern: string,
  thing: Thing | null,
  matches: MatchPatterns,
): Promise<Check> {
  if (!thing) return unknown(condition, gone);
  const seen = seenOf(thing);
  const { value, states, role, isCut } = thing;
  if (states.includes("password"))
    return unknown(condition, "what a password is, nobody tells", seen);
  if (value === null) return unknown(condition, `what a ${role} holds is not told`, seen);
  const [found] = await matches([pattern], [value]);
  if (found?.[0]) return yes(condition, seen);
  if (isCut)
    return unknown(condition, "not found in its beginning, and the rest is too long", seen);
  return no(condition, "it holds something else", seen);
}

/** Longest value that an answer quotes, in characters. */
const maxQuoted = 200;

function seenOf(thing: Thing | null): Seen {
  if (!thing) return {};
  const { role, name, value, states, box } = thing;
  const quoted = value && value.length > maxQuoted ? `${value.slice(0, maxQuoted)}…` : value;
  return { thing: { role, name, value: quoted, states }, region: box };
}

/** Reads each thing once, whatever is asked of it. */
export function readOnce(
  things: Pick<Things, "read">,
  session: string,
  signal: AbortSignal,
): (ref: string) => Promise<Thing | null> {
  const known = new Map<string, Promise<Thing | null>>();
  return (ref) => {
    const reading = known.get(ref) ?? things.read(session, ref, signal);
    known.set(ref, reading);
    return reading;
  };
}
