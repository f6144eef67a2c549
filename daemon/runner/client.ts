import type { z } from "zod";
import { deadline } from "../../src/abort.ts";
import { asNexoraError, NexoraError } from "../../src/contract/errors.ts";
import { LineSplitter } from "../../src/lines.ts";
import type {
  RunnerAccessibleWindow,
  RunnerBrowser,
  RunnerBrowserStart,
  RunnerElementAct,
  RunnerElementActed,
  RunnerElements,
  RunnerEvent,
  RunnerFileStat,
  RunnerFocus,
  RunnerFolder,
  RunnerHealth,
  RunnerInput,
  RunnerInputReply,
  RunnerLook,
  RunnerOpen,
  RunnerOpened,
  RunnerPorts,
  RunnerRecord,
  RunnerRecording,
  RunnerScreen,
  RunnerSettle,
  RunnerSettled,
  RunnerWindowActed,
  RunnerWindowAction,
  RunnerWindows,
} from "../../src/runner/protocol.ts";
import type { Address } from "../address.ts";
import { Pace } from "./pace.ts";
import { eventReply, replies } from "./replies.ts";
import { bodyOf, checked, foreign, parsed } from "./reply.ts";

/** Where a session's runner listens, and what it believes. */
export type RunnerAddress = Address & { token: string };

/** How long a JSON reply may take, in milliseconds. */
const replyMs = 10_000;
/** How long a browser may take to start or to end, in milliseconds. */
const browserMs = 25_000;
/** Events that are taken within a tenth of a second; a flood of them waits where it comes from. */
const eventsAtOnce = 100;

/** Events that a runner tells only those who ask for them: to know them costs it something. */
export type AskedEvents = Record<"input" | "windows" | "ports", boolean>;

/** Speaks a runner's HTTP (src/runner/protocol.ts). */
export class RunnerClient {
  constructor(private readonly locate: (session: string) => Promise<RunnerAddress>) {}

  health(session: string, signal?: AbortSignal): Promise<RunnerHealth> {
    return this.json(replies.health, session, "/runner/health", {}, signal);
  }

  /** The focused window and the text of its terminal. */
  screen(session: string, look: RunnerLook = {}, signal?: AbortSignal): Promise<RunnerScreen> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(look)) query.set(name, String(value));
    return this.json(replies.screen, session, `/runner/screen?${query}`, {}, signal);
  }

  /** The focused window and how many bytes its terminal has received: cheaper than its text. */
  focus(session: string, signal?: AbortSignal): Promise<RunnerFocus> {
    return this.json(replies.focus, session, "/runner/focus", {}, signal);
  }

  /** All windows, the topmost first. */
  windows(session: string, signal?: AbortSignal): Promise<RunnerWindows> {
    return this.json(replies.windows, session, "/runner/windows", {}, signal);
  }

  /** The TCP ports on which programs inside listen. */
  ports(session: string, signal?: AbortSignal): Promise<RunnerPorts> {
    return this.json(replies.ports, session, "/runner/ports", {}, signal);
  }

  /** Does something with a window. Throws `not_found` when there is none with that id. */
  windowAction(
    session: string,
    window: string,
    action: RunnerWindowAction,
    signal?: AbortSignal,
  ): Promise<RunnerWindowActed> {
    const init = { method: "POST", body: JSON.stringify({ window, ...action }) };
    return this.json(replies.windowActed, session, "/runner/window", init, signal);
  }

  /** Opens something, and waits for its window. */
  async open(session: string, what: RunnerOpen, signal?: AbortSignal): Promise<RunnerOpened> {
    const init = { method: "POST", body: JSON.stringify(what) };
    const all = deadline(replyMs + what.withinMs, signal);
    return checked(replies.opened, await this.fetch(session, "/runner/open", init, all));
  }

  /** What the toolkits' windows show, of those that are given. */
  elements(
    session: string,
    windows: readonly RunnerAccessibleWindow[],
    signal?: AbortSignal,
  ): Promise<RunnerElements> {
    const init = { method: "POST", body: JSON.stringify({ windows }) };
    return this.json(replies.elements, session, "/runner/elements", init, signal);
  }

  /** Does something with an element. Throws `action_failed` and `timeout`, in its program's words. */
  element(
    session: string,
    asked: { key: string; act: RunnerElementAct; windows: readonly RunnerAccessibleWindow[] },
    signal?: AbortSignal,
  ): Promise<RunnerElementActed> {
    const init = { method: "POST", body: JSON.stringify(asked) };
    return this.json(replies.elementActed, session, "/runner/element", init, signal);
  }

  /** Begins to record. */
  record(session: string, what: RunnerRecord, signal?: AbortSignal): Promise<RunnerRecording> {
    const init = { method: "POST", body: JSON.stringify(what) };
    return this.json(replies.recording, session, "/runner/recordings", init, signal);
  }

  /** What is recorded, and was. */
  recordings(session: string, signal?: AbortSignal): Promise<{ recordings: RunnerRecording[] }> {
    return this.json(replies.recordings, session, "/runner/recordings", {}, signal);
  }

  /** Waits for a recording's end, however long that takes; ends it; removes its file. */
  async recording(
    session: string,
    id: string,
    action: "show" | "wait" | "stop" | "rm",
    signal?: AbortSignal,
  ): Promise<RunnerRecording> {
    const at = `/runner/recording?id=${id}&do=${action}`;
    const init = { method: "POST" };
    if (action !== "wait") return this.json(replies.recording, session, at, init, signal);
    return checked(replies.recording, await this.fetch(session, at, init, signal));
  }

  /** Writes to a terminal, or waits until it has received a number of bytes. */
  input(session: string, input: RunnerInput, signal?: AbortSignal): Promise<RunnerInputReply> {
    const init = { method: "POST", body: JSON.stringify(input) };
    return this.json(replies.input, session, "/runner/input", init, signal);
  }

  /** Waits until the focused terminal is still. */
  async settle(
    session: string,
    limits: RunnerSettle,
    signal?: AbortSignal,
  ): Promise<RunnerSettled> {
    const init = { method: "POST", body: JSON.stringify(limits) };
    const all = deadline(replyMs + limits.withinMs, signal);
    return checked(replies.settled, await this.fetch(session, "/runner/settle", init, all));
  }

  /** Whether the session's browser runs. */
  browser(session: string, signal?: AbortSignal): Promise<RunnerBrowser> {
    return this.json(replies.browser, session, "/runner/browser", {}, signal);
  }

  /** The targets of the browser's pages, the one that was last active first. */
  browserPages(session: string, signal?: AbortSignal): Promise<string[]> {
    return this.json(replies.browserPages, session, "/runner/browser/pages", {}, signal);
  }

  /** Starts the browser unless it runs; resolves when its DevTools answer. Throws `action_failed`. */
  startBrowser(
    session: string,
    how: RunnerBrowserStart,
    signal?: AbortSignal,
  ): Promise<RunnerBrowser> {
    return this.browserChange(session, "start", how, signal);
  }

  /** Ends the browser, and resolves once it has. */
  stopBrowser(session: string, signal?: AbortSignal): Promise<RunnerBrowser> {
    return this.browserChange(session, "stop", {}, signal);
  }

  /** What a path is. */
  stat(session: string, path: string, signal?: AbortSignal): Promise<RunnerFileStat> {
    const at = `/runner/files/stat?path=${encodeURIComponent(path)}`;
    return this.json(replies.stat, session, at, {}, signal);
  }

  /** What is in a folder. */
  list(session: string, path: string, signal?: AbortSignal): Promise<RunnerFolder> {
    const at = `/runner/files/list?path=${encodeURIComponent(path)}`;
    return this.json(replies.folder, session, at, {}, signal);
  }

  /** A tar archive of a path. */
  async pack(
    session: string,
    path: string,
    signal?: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const reply = await this.fetch(session, filesAt(path), {}, signal);
    if (reply.body) return reply.body;
    throw new NexoraError("engine_failed", "the workstation sent no archive");
  }

  /** Unpacks a tar archive into a folder, however long that takes. */
  async unpack(
    session: string,
    path: string,
    archive: ReadableStream<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<{ path: string }> {
    const init = { method: "PUT", body: archive };
    return checked(replies.unpacked, await this.fetch(session, filesAt(path), init, signal));
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
      new NexoraError("engine_failed", "the runner sent a line that is too long");
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

  /**
   * One request to the runner, with its token. Throws the runner's own error for a status above
   * 399, and `engine_failed` when it does not answer.
   */
  async fetch(
    session: string,
    path: string,
    init: RequestInit,
    signal?: AbortSignal,
  ): Promise<Response> {
    const address = await this.locate(session);
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${address.token}`);
    let reply: Response;
    try {
      const host = "socket" in address ? "runner" : `${address.hostname}:${address.port}`;
      reply = await fetch(`http://${host}${path}`, {
        ...init,
        ...("socket" in address ? { unix: address.socket } : {}),
        headers,
        // What runs inside may be silent for as long as it likes: Bun's limit is 5 minutes.
        timeout: false,
        redirect: "error",
        // A few bytes could become a gigabyte.
        decompress: false,
        // A proxy from the environment must never see loopback traffic.
        proxy: "",
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (signal?.aborted) throw asNexoraError(signal.reason);
      throw new NexoraError(
        "engine_failed",
        `the workstation's runner does not answer (${(error as { code?: string }).code ?? "no reply"})`,
        {
          hint: "see `nexora session logs` and `nexora session show`",
          cause: error,
        },
      );
    }
    if (reply.headers.has("content-encoding")) {
      await reply.body?.cancel();
      throw new NexoraError("engine_failed", "the runner's reply is compressed, as none of it is");
    }
    if (reply.status > 399) throw foreign(await bodyOf(reply));
    return reply;
  }

  private async browserChange(
    session: string,
    change: "start" | "stop",
    how: RunnerBrowserStart,
    signal?: AbortSignal,
  ): Promise<RunnerBrowser> {
    const init = { method: "POST", body: JSON.stringify(how) };
    const ends = deadline(browserMs, signal);
    return checked(
      replies.browser,
      await this.fetch(session, `/runner/browser/${change}`, init, ends),
    );
  }

  private async json<T>(
    schema: z.ZodType<T>,
    session: string,
    path: string,
    init: RequestInit,
    signal?: AbortSignal,
  ): Promise<T> {
    const late = AbortSignal.timeout(replyMs);
    const ends = signal ? AbortSignal.any([signal, late]) : late;
    try {
      return await checked(schema, await this.fetch(session, path, init, ends));
    } catch (error) {
      if (late.aborted && !signal?.aborted) throw notAnswering(error);
      throw error;
    }
  }
}

function notAnswering(cause: unknown): NexoraError {
  const why = `the workstation has not answered for ${replyMs / 1000} s`;
  return new NexoraError("timeout", why, {
    hint: "see `nexora session show`: is it paused, or out of memory?",
    cause,
  });
}

function filesAt(path: string): string {
  return `/runner/files?path=${encodeURIComponent(path)}`;
}
