import type { Output } from "../../../src/contract/index.ts";
import type { JobSession } from "./job-session.ts";
import type { Action, Job } from "./jobs.ts";
import { pngSize } from "./ours.ts";
import { pictureTokens, type Turn, textTokens } from "./tokens.ts";

/** How long the demo waits before its picture (anthropic-quickstarts, computer_use_demo/tools/computer.py). */
const pictureDelayMs = 2000;
/** Of these the demo takes its picture at once. */
const undelayed = ["screenshot", "type", "wait"];

/** A session with a desktop to take pictures of. */
export interface Desktop extends JobSession {
  /** A PNG of it. */
  picture(): Promise<Uint8Array>;
}

/**
 * Does a job as an agent with the tools of Anthropic's demo would: each action of `computer` answers with a picture of
 * the desktop. Keys and clicks are made by our own verbs, which do the same as its xdotool. `seen` is what the pictures show, as
 * text: the model reads it off them.
 */
export async function doTheirs(
  session: Desktop,
  { theirs, hurry = 1 }: Pick<Job, "theirs" | "hurry">,
): Promise<{ turns: Turn[]; seen: string; pictures: number; bytes: number }> {
  const turns: Turn[] = [];
  let [seen, pictures, bytes] = ["", 0, 0];
  for (const action of theirs) {
    if ("bash" in action) {
      const { bash: command } = action;
      const shown = await bash(session, command);
      const called = textTokens(JSON.stringify({ name: "bash", input: { command } }));
      turns.push({ called, shown: textTokens(shown) });
      continue;
    }
    const input = await act(session, action, hurry);
    if (!undelayed.includes(action.action)) await Bun.sleep(pictureDelayMs);
    const picture = await session.picture();
    const { width, height } = pngSize(picture);
    const called = textTokens(JSON.stringify({ name: "computer", input }));
    turns.push({ called, shown: pictureTokens(width, height) });
    const screen = await session.call<Output<"screen">>("GET", "screen?image=false");
    seen += `${screen.text?.flatMap(({ lines }) => lines).join("\n")}\n`;
    pictures++;
    bytes += picture.length;
  }
  return { turns, seen, pictures, bytes };
}

/** Does it; the arguments as the model has written them (docs of `computer_20250124`). */
async function act(
  session: Desktop,
  action: Exclude<Action, { bash: string }>,
  hurry: number,
): Promise<object> {
  switch (action.action) {
    case "screenshot":
      return action;
    case "type":
      await session.call("POST", "type", { text: action.text });
      return action;
    case "key":
      await session.call("POST", "key", { keys: [action.text] });
      return action;
    case "wait":
      await Bun.sleep((action.duration * 1000) / hurry);
      return action;
    case "scroll": {
      const { direction, amount } = action;
      const { pointer } = await session.call<Output<"scroll">>("POST", "scroll", {
        direction,
        notches: amount,
      });
      const coordinate = [pointer.x, pointer.y];
      return {
        action: "scroll",
        coordinate,
        scroll_direction: direction,
        scroll_amount: amount,
      };
    }
    case "left_click": {
      const at =
        "thing" in action
          ? await thingRef(session, action.thing)
          : await elementRef(session, action.element);
      const { pointer } = await session.call<Output<"click">>("POST", "click", { at });
      return { action: "left_click", coordinate: [pointer.x, pointer.y] };
    }
  }
}

async function bash(session: Desktop, command: string): Promise<string> {
  // The browser of the session is the only one that it has.
  const opened = /chromium (\S+)/.exec(command)?.[1];
  if (opened) {
    await session.call("POST", "open", { target: [opened] });
    return "";
  }
  const done = await session.call<Output<"exec">>("POST", "exec", { command: [command] });
  return done.stdout + done.stderr;
}

/** The reference of a thing in a window. */
async function thingRef(session: Desktop, wanted: string): Promise<string> {
  const screen = await session.call<Output<"screen">>("GET", "screen?image=false&refs=true");
  const things = screen.text?.flatMap(({ refs }) => refs ?? []) ?? [];
  const found = things.find(({ role, name }) => `${role} ${JSON.stringify(name)}` === wanted);
  if (found) return found.ref;
  const names = things.map(({ role, name }) => `${role} ${JSON.stringify(name)}`).join(", ");
  throw new Error(`the screen does not show ${wanted}, but ${names}`);
}

/** The reference of an element of the page. */
async function elementRef(session: Desktop, target: string): Promise<string> {
  const path = `chrome/snapshot?target=${encodeURIComponent(target)}`;
  const { text } = await session.call<Output<"chrome.snapshot">>("GET", path);
  const [found] = /@e\d+/.exec(text) ?? [];
  if (found) return found;
  throw new Error(`the page does not show ${target}:\n${text}`);
}
