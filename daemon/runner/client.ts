import { NexoraError } from "../../src/contract/errors.ts";
import { LineSplitter } from "../../src/lines.ts";
import type { RunnerEvent, RunnerHealth, RunnerPorts } from "../../src/runner/protocol.ts";
import type { RunnerFocus, RunnerLook, RunnerScreen } from "../../src/runner/screen.ts";
import type {
  RunnerInput,
  RunnerInputReply,
  RunnerSettle,
  RunnerSettled,
} from "../../src/runner/terminal.ts";
import type {
  RunnerOpen,
  RunnerOpened,
  RunnerWindowActed,
  RunnerWindowAction,
  RunnerWindows,
} from "../../src/runner/windows.ts";
import { BrowserProcess } from "./browser.ts";
import { ToolkitElements } from "./elements.ts";
import { RunnerFiles } from "./files.ts";
import { Pace } from "./pace.ts";
import { RunnerRecordings } from "./recordings.ts";
import { eventReply, replies } from "./replies.ts";
import { impostor, parsed } from "./reply.ts";
import { RunnerRequests, replyMs } from "./requests.ts";

/** Events that are taken within a tenth of a second; a flood of them waits where it comes from. */
const eventsAtOnce = 100;

/** Events that a runner tells only those who ask for them: to know them costs it something. */
export type AskedEvents = Record<"input" | "windows" | "ports", boolean>;

/** What a session's runner knows, and does. */
export class RunnerClient extends RunnerRequests {
  readonly files = new RunnerFiles(this);
  readonly browser = new BrowserProcess(this);
  readonly elements = new ToolkitElements(this);
  readonly recordings = new RunnerRecordings(this);

  health(session: string, signal?: AbortSignal): Promise<RunnerHealth> {
    return this.ask(replies.health, session, { at: "health" }, signal);
  }

  /** The focused window and the text of its terminal. */
  screen(session: string, look: RunnerLook = {}, signal?: AbortSignal): Promise<RunnerScreen> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(look)) query.set(name, String(value));
    return this.ask(replies.screen, session, { at: `screen?${query}` }, signal);
  }

  /** The focused window and how many bytes its terminal has received: cheaper than its text. */
  focus(session: string, signal?: AbortSignal): Promise<RunnerFocus> {
    return this.ask(replies.focus, session, { at: "focus" }, signal);
  }

  /** All windows, the topmost first. */
  windows(session: string, signal?: AbortSignal): Promise<RunnerWindows> {
    return this.ask(replies.windows, session, { at: "windows" }, signal);
  }

  /** The TCP ports on which programs inside listen. */
  ports(session: string, signal?: AbortSignal): Promise<RunnerPorts> {
    return this.ask(replies.ports, session, { at: "ports" }, signal);
  }

  /** Does something with a window. Throws `not_found` when there is none with that id. */
  windowAction(
    session: string,
    window: string,
    action: RunnerWindowAction,
    signal?: AbortSignal,
  ): Promise<RunnerWindowActed> {
    const question = { at: "window", post: { window, ...action } };
    return this.ask(replies.windowActed, session, question, signal);
  }

  /** Opens something, and waits for its window. */
  open(session: string, what: RunnerOpen, signal?: AbortSignal): Promise<RunnerOpened> {
    const question = { at: "open", post: what, withinMs: replyMs + what.withinMs };
    return this.ask(replies.opened, session, question, signal);
  }

  /** Writes to a terminal, or waits until it has received a number of bytes. */
  input(session: string, input: RunnerInput, signal?: AbortSignal): Promise<RunnerInputReply> {
    return this.ask(replies.input, session, { at: "input", post: input }, signal);
  }

  /** Waits until the focused terminal is still. */
  settle(session: string, limits: RunnerSettle, signal?: AbortSignal): Promise<RunnerSettled> {
    const question = { at: "settle", post: limits, withinMs: replyMs + limits.withinMs };
    return this.ask(replies.settled, session, question, signal);
  }

  /** The runner's events until `signal` aborts or the connection ends; some only if asked for. */
  async *events(
    session: string,
    signal?: AbortSignal,
    { input = false, windows = false, ports = false }: Partial<AskedEvents> = {},
  ): AsyncGenerator<RunnerEvent> {
    const query = `input=${input}&windows=${windows}&ports=${ports}`;
    const reply = await this.fetch(session, `/runner/events?${query}`, {}, signal);
    if (!reply.body) return;
    // A hostile runner cannot fill our memory.
    const overlong = () =>
      new NexoraError("engine_failed", "the runner sent a line that is too long", impostor);
    const lines = new LineSplitter({ overlong });
    // What comes after the last line feed was cut off with the connection.
    const pace = new Pace(eventsAtOnce, signal ?? new AbortController().signal);
    for await (const chunk of reply.body) {
      for (const line of lines.push(chunk)) {
        if (line === "") continue;
        await pace.take();
        const event = eventReply.safeParse(parsed(line));
        if (event.success) yield event.data;
      }
    }
  }
}
