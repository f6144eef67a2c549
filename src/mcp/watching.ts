import { deadline, within, withinTime } from "../abort.ts";
import { NexoraError } from "../contract/errors.ts";
import type { McpOptions } from "./options.ts";
import { runningScreens, screenOf } from "./screens.ts";

/** Screens that one client may watch. */
const most = 64;
/** How long a client waits until what it wants is watched, in milliseconds. */
const armingMs = 10_000;
/** Pauses before what has broken off is tried again, in milliseconds. */
const [shortest, longest] = [1000, 15_000];

/** What a client wants to be told of. */
export interface Wanted {
  /** URIs of screens. */
  screens: ReadonlySet<string>;
  /** Whether sessions come and go. */
  sessions: boolean;
}

export interface Listener {
  screenChanged(uri: string): void;
  sessionsChanged(): void;
}

interface Watch extends Disposable {
  /** Resolves once changes are seen, or cannot be. */
  armed: Promise<void>;
}

/** Follows something until it breaks off; calls `armed` once it sees changes. */
type Follow = (signal: AbortSignal, armed: () => void) => Promise<void>;

const nothing: Wanted = { screens: new Set(), sessions: false };

/** Watches what one client wants to be told of, as long as it hears; it tells of each change once. */
export class Watching implements Disposable {
  private wanted = nothing;
  private hears = false;
  private over = false;
  private readonly screens = new Map<string, Watch>();
  private sessions: Watch | null = null;
  /** What the client knows: the rev of each screen by its URI, and the sessions that run. */
  private readonly revs = new Map<string, string>();
  private running: string | null = null;
  private stirred = Promise.withResolvers<void>();

  constructor(
    private readonly its: Pick<McpOptions, "operations" | "session" | "beside">,
    private readonly listener: Listener,
  ) {}

  /** Resolves when changes from now on are seen. Throws `usage` for too many screens. */
  async want(wanted: Wanted): Promise<void> {
    if (wanted.screens.size > most) {
      throw new NexoraError("usage", `a client watches ${most} screens at most`);
    }
    this.wanted = wanted;
    await this.adjust();
  }

  /** One screen more, or one less. */
  async wantScreen(uri: string, yes: boolean): Promise<void> {
    const screens = new Set(this.wanted.screens);
    if (yes) screens.add(uri);
    else screens.delete(uri);
    await this.want({ ...this.wanted, screens });
  }

  /** Whether there is anybody to tell. */
  async hear(yes: boolean): Promise<void> {
    this.hears = yes;
    await this.adjust();
  }

  /** What is wanted later is not watched any more. */
  [Symbol.dispose](): void {
    this.over = true;
    this.wanted = nothing;
    void this.adjust();
  }

  private async adjust(): Promise<void> {
    for (const uri of this.revs.keys()) if (!this.wanted.screens.has(uri)) this.revs.delete(uri);
    const { screens, sessions } = this.hears && !this.over ? this.wanted : nothing;
    for (const [uri, watch] of this.screens) {
      if (screens.has(uri)) continue;
      watch[Symbol.dispose]();
      this.screens.delete(uri);
    }
    for (const uri of screens) {
      if (!this.screens.has(uri))
        this.screens.set(
          uri,
          begin(this.screen(uri), () => this.stirs()),
        );
    }
    // A session that begins has its screens watched anew.
    if (!sessions && screens.size === 0) {
      this.sessions?.[Symbol.dispose]();
      this.sessions = null;
    } else this.sessions ??= begin(this.everySession(), never);
    const all = [this.sessions, ...this.screens.values()].map((watch) => watch?.armed);
    await within(Promise.all(all), deadline(armingMs)).catch(() => {});
  }

  private screen(uri: string): Follow {
    return async (signal, armed) => {
      const fields = { ...screenOf(uri) };
      for await (const { rev } of this.its.beside.follow("watch", fields, signal)) {
        if (signal.aborted) return;
        const before = this.revs.get(uri);
        this.revs.set(uri, rev);
        if (before !== undefined && before !== rev) this.listener.screenChanged(uri);
        armed();
      }
    };
  }

  /** Any event is a reason to look which sessions run. */
  private everySession(): Follow {
    const { call, follow } = this.its.beside;
    return async (signal, armed) => {
      const look = async () => {
        const screens = await runningScreens(this.its, call, signal);
        if (signal.aborted) return;
        const before = this.running;
        this.running = screens
          .map(({ uri }) => uri)
          .sort()
          .join();
        if (before === null || before === this.running) return;
        if (this.wanted.sessions) this.listener.sessionsChanged();
      };
      await look();
      armed();
      for await (const _event of follow("events", { follow: true, limit: 1 }, signal)) {
        await look();
        this.stirred.resolve();
        this.stirred = Promise.withResolvers();
      }
    };
  }

  private stirs(): Promise<void> {
    return this.stirred.promise;
  }
}

/** Follows until it is disposed; what breaks off is tried again after a while, or when `sooner` resolves. */
function begin(follow: Follow, sooner: () => Promise<void>): Watch {
  const { promise, resolve } = Promise.withResolvers<void>();
  const over = new AbortController();
  const { signal } = over;
  const again = async () => {
    for (let pauseMs = shortest; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longest)) {
      const early = sooner();
      const began = performance.now();
      await follow(signal, resolve).catch(() => {});
      resolve();
      if (performance.now() - began > longest) pauseMs = shortest;
      await withinTime(
        within(early, signal).catch(() => {}),
        pauseMs,
      );
    }
  };
  void again();
  return { armed: promise, [Symbol.dispose]: () => over.abort() };
}

const never = () => new Promise<void>(() => {});
