import type { Protocol } from "devtools-protocol";
import type { CdpConnection } from "./cdp/connection.ts";
import {
  type EventName,
  type EventParams,
  gone,
  type Method,
  type Params,
  type Result,
  type SendOptions,
} from "./cdp/protocol.ts";

type Listener = (params: never, session: string) => void;

/** A listener to one event of all sessions of a page, and how it stops for each of them. */
interface Subscription {
  event: EventName;
  listener: Listener;
  lost: (() => void) | undefined;
  ends: Map<string, () => void>;
}

/**
 * One tab. Its page is a session of the protocol, and so is each of its frames that runs in a process
 * of its own: those from other sites.
 */
export class Page {
  url: string;
  title: string;
  /** The page's own and those of frames, with the end of what follows their frames. */
  private readonly attached = new Map<string, () => void>();
  private readonly subscriptions = new Set<Subscription>();
  private readonly sessionListeners = new Set<(session: string) => void>();
  private readonly closing = new AbortController();

  constructor(
    private readonly connection: CdpConnection,
    /** t1, t2 … */
    readonly id: string,
    target: Protocol.Target.TargetInfo,
    /** Its own session of the protocol. */
    readonly session: string,
    /** Id of the tab that has opened it; null: none has, or it is gone. */
    readonly opener: string | null,
  ) {
    this.targetId = target.targetId;
    this.url = target.url;
    this.title = target.title;
  }

  /** The browser's own name for it. */
  readonly targetId: string;

  /** Aborts, with the reason, when the tab is closed or the browser has gone. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  /** The page's own session, and then those of its frames in other processes. */
  sessions(): string[] {
    return [...this.attached.keys()];
  }

  /**
   * Sends a command to the page, or to a frame's session. Throws as `CdpConnection.send` does, and
   * `engine_failed` when the tab is closed.
   */
  async send<M extends Method>(
    method: M,
    params: Params<M>,
    options: SendOptions = {},
  ): Promise<Result<M>> {
    this.signal.throwIfAborted();
    return this.connection.send(method, params, {
      ...options,
      session: options.session ?? this.session,
    });
  }

  /**
   * Listens to the page and its frames, also those that come later; returns the end of it. `lost` is called for each
   * event that is dropped.
   */
  on<E extends EventName>(
    event: E,
    listener: (params: EventParams<E>, session: string) => void,
    lost?: () => void,
  ): () => void {
    const subscription: Subscription = { event, listener, lost, ends: new Map() };
    this.subscriptions.add(subscription);
    for (const session of this.attached.keys()) this.subscribe(subscription, session);
    return () => {
      this.subscriptions.delete(subscription);
      for (const end of subscription.ends.values()) end();
    };
  }

  /**
   * Calls `listener` for its own session, and for that of each frame when it comes: before what is in it
   * runs, as long as the listener only sends and does not wait.
   */
  onSession(listener: (session: string) => void): () => void {
    for (const session of this.attached.keys()) listener(session);
    this.sessionListeners.add(listener);
    return () => this.sessionListeners.delete(listener);
  }

  /** Takes a session of the protocol as one of this page's: its own first. */
  attach(session: string): void {
    const { connection } = this;
    const ends = [
      connection.on("Target.attachedToTarget", session, ({ sessionId, targetInfo }) => {
        if (targetInfo.type === "iframe") this.attach(sessionId);
        else void this.leave(session, sessionId);
      }),
      connection.on("Target.detachedFromTarget", session, ({ sessionId }) => {
        this.detach(sessionId, "the frame is gone");
      }),
    ];
    this.attached.set(session, () => {
      for (const end of ends) end();
    });
    for (const subscription of this.subscriptions) this.subscribe(subscription, session);
    for (const listener of this.sessionListeners) listener(session);
    const frames = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };
    const wanted = { ...frames, filter: [{ type: "iframe" }] };
    this.tell("Target.setAutoAttach", wanted, session);
    this.tell("Runtime.runIfWaitingForDebugger", undefined, session);
  }

  /** The tab is closed, or the browser has gone. */
  close(why: string): void {
    if (this.signal.aborted) return;
    this.closing.abort(gone(why));
    for (const session of this.sessions()) this.detach(session, why);
  }

  private detach(session: string, why: string): void {
    this.attached.get(session)?.();
    if (!this.attached.delete(session)) return;
    for (const { ends } of this.subscriptions) {
      ends.get(session)?.();
      ends.delete(session);
    }
    this.connection.forget(session, why);
  }

  private subscribe({ event, listener, lost, ends }: Subscription, session: string): void {
    const told = (params: unknown) => listener(params as never, session);
    ends.set(session, this.connection.on(event, session, told, lost));
  }

  private async leave(session: string, sessionId: string): Promise<void> {
    this.tell("Runtime.runIfWaitingForDebugger", undefined, sessionId);
    this.tell("Target.detachFromTarget", { sessionId }, session);
  }

  /** Sends what nobody waits for; what is gone needs it no more. */
  private tell<M extends Method>(method: M, params: Params<M>, session: string): void {
    this.connection.send(method, params, { session }).catch(() => {});
  }
}
