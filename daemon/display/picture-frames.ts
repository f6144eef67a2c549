/** How the pixels of a picture lie on the desktop: times the scale, plus the offset. */
export interface PictureFrame {
  width: number;
  height: number;
  scaleX: number;
  scaleY: number;
  offsetX: number;
  offsetY: number;
}

/** Pictures of a session that are remembered. */
const remembered = 64;

/** How the last pictures of each session were scaled and cut, by the rev that their caller was told. */
export class PictureFrames {
  private readonly sessions = new Map<string, Map<string, PictureFrame[]>>();

  remember(session: string, rev: string, frame: PictureFrame): void {
    const { width, height, scaleX, scaleY, offsetX, offsetY } = frame;
    const kept = { width, height, scaleX, scaleY, offsetX, offsetY };
    const frames = this.sessions.get(session) ?? new Map<string, PictureFrame[]>();
    this.sessions.set(session, frames);
    const same = frames.get(rev) ?? [];
    const isKnown = same.some((each) => JSON.stringify(each) === JSON.stringify(kept));
    // Deleted first, so that the order is that of the last use.
    frames.delete(rev);
    frames.set(rev, isKnown ? same : [...same, kept].slice(-remembered));
    const [oldest] = frames.keys();
    if (frames.size > remembered && oldest !== undefined) frames.delete(oldest);
  }

  /** All that were given with that rev: a desktop that is still can be scaled in several ways. */
  find(session: string, rev: string): readonly PictureFrame[] {
    return this.sessions.get(session)?.get(rev) ?? [];
  }

  /** The session is gone. */
  drop(session: string): void {
    this.sessions.delete(session);
  }
}
