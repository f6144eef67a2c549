/** How the pixels of a picture lie on the desktop: times the scale, plus the offset. */
export interface PictureFrame {
  scaleX: number;
  scaleY: number;
  offsetX: number;
  offsetY: number;
}

/** Pictures of a session that are remembered. */
const remembered = 64;

/** How the last pictures of each session were scaled, by the rev that their caller was told. */
export class PictureFrames {
  private readonly sessions = new Map<string, Map<string, PictureFrame>>();

  remember(session: string, rev: string, { scaleX, scaleY, offsetX, offsetY }: PictureFrame): void {
    const frames = this.sessions.get(session) ?? new Map<string, PictureFrame>();
    this.sessions.set(session, frames);
    // Deleted first, so that the order is that of the last use.
    frames.delete(rev);
    frames.set(rev, { scaleX, scaleY, offsetX, offsetY });
    const [oldest] = frames.keys();
    if (frames.size > remembered && oldest !== undefined) frames.delete(oldest);
  }

  /** Of the last picture with that rev. */
  find(session: string, rev: string): PictureFrame | null {
    return this.sessions.get(session)?.get(rev) ?? null;
  }

  /** The session is gone. */
  drop(session: string): void {
    this.sessions.delete(session);
  }
}
