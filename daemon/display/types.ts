/**
 * The seams between the display, its users (screen, wait, input) and the RFB client.
 */

/** A picture of the desktop: 4 bytes a pixel, R G B 255, row after row. */
export interface Framebuffer {
  readonly width: number;
  readonly height: number;
  /** The live pixels: they change with the next update, so copy what must last. */
  readonly pixels: Uint8Array;
  /** Of each `bandRows` rows a count that grows when pixels of theirs change; left out: nobody counts. */
  readonly bandChanges?: Uint32Array;
}

/** Rows of a band: 24 bands are a 1080p frame. */
export const bandRows = 45;

export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A live RFB connection, kept current by incremental updates while somebody holds it. */
export interface Display {
  readonly framebuffer: Framebuffer;
  /** Where the pointer was last sent, or moved by others; null before the first. */
  readonly pointer: { x: number; y: number } | null;
  /** Identity of the current pixels and size: 16 hex digits. Cached until the next change. */
  rev(): string;
  /** The parts that have changed since a frame whose rev was asked for; null when that is not known. */
  changedSince(rev: string): Region[] | null;
  /**
   * Calls back after pixels have really changed (equal pixels sent again do not count), with
   * the changed parts. Returns the function that ends it.
   */
  onChange(listener: (regions: readonly Region[]) => void): () => void;
  /** Calls back once when it ends: nothing changes after that, which is not to be taken for calm. */
  onClose(listener: (error: Error) => void): () => void;
  /** Sends key events in one write, in order. */
  keys(events: readonly KeyEvent[]): void;
  pointerEvent(x: number, y: number, buttons: number): void;
  /** Resolves when the server has processed all that was sent before (a Fence round trip). */
  sync(signal?: AbortSignal): Promise<void>;
  /** Why it has ended; null while it lives. */
  readonly closed: Error | null;
}

export interface KeyEvent {
  /** X keysym. */
  keysym: number;
  down: boolean;
}

/** A claim on a display: while one is open, the connection lives. */
export interface DisplayLease extends Disposable {
  readonly display: Display;
}

/** Hands out leases; connects on the first and disconnects a while after the last has ended. */
export interface Displays {
  acquire(session: string, signal?: AbortSignal): Promise<DisplayLease>;
  /** Ends a session's connection at once (it stopped or was removed). */
  drop(session: string): void;
  close(): void;
}
