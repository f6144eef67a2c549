/** Output that waits for a viewer, in bytes; above it the program is held back. */
const highWater = 256 * 1024;
const lowWater = 64 * 1024;
/** Output that is kept for the first viewer, in bytes. */
const maxUnseen = 64 * 1024;

/** Somebody who sees a terminal's output: its xterm, or an attached client. */
export interface Viewer {
  write(bytes: Uint8Array): void;
  /** Bytes that it has not taken yet and for which the program must wait. */
  readonly backlog: number;
  /** The terminal has ended. */
  end(): void;
}

/** All who see a terminal. */
export class Viewers {
  private readonly all = new Set<Viewer>();
  /** Output that nobody has been shown; null once somebody has, or when it is too much. */
  private unseen: Uint8Array[] | null = [];
  private unseenSize = 0;

  /** `suspend` holds the program's output back, or lets it flow again. */
  constructor(private readonly suspend: (suspend: boolean) => void) {}

  /**
   * Shows a viewer what is there, then everything that follows. The first one gets all that was
   * written so far: an xterm also answers what the programs have asked it.
   */
  add(viewer: Viewer, redraw: () => Uint8Array): void {
    for (const bytes of this.unseen ?? [redraw()]) viewer.write(bytes);
    this.unseen = null;
    this.all.add(viewer);
    this.throttle();
  }

  remove(viewer: Viewer): void {
    this.all.delete(viewer);
    this.throttle();
  }

  write(bytes: Uint8Array): void {
    for (const viewer of this.all) viewer.write(bytes);
    this.unseenSize += bytes.length;
    if (this.unseenSize <= maxUnseen) this.unseen?.push(bytes);
    else this.unseen = null;
    this.throttle();
  }

  /** To be called when a viewer's backlog has shrunk. */
  throttle(): void {
    const longest = Math.max(0, ...[...this.all].map((viewer) => viewer.backlog));
    if (longest > highWater) this.suspend(true);
    else if (longest < lowWater) this.suspend(false);
  }

  end(): void {
    for (const viewer of this.all) viewer.end();
    this.all.clear();
  }
}
