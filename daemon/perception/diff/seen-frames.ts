import type { EncodedFrame, FrameEncoder } from "../../display/encode.ts";
import type { Display } from "../../display/types.ts";

/** Frames of a session that are remembered. */
const remembered = 16;
/** Most bytes that the frames of one session may have. */
const maxBytes = 16 * 1024 * 1024;

const whole = { format: "png", quality: 80 } as const;

/** The frames that a session's callers were shown last, as PNGs of the whole desktop. */
export class SeenFrames {
  /** By session and rev, the last one seen at the end. */
  private readonly sessions = new Map<string, Map<string, Promise<EncodedFrame>>>();

  constructor(private readonly encoder: Pick<FrameEncoder, "encode">) {}

  /** A display's pixels as they are when it is called. */
  see(session: string, display: Pick<Display, "framebuffer" | "rev">): void {
    const frames = this.sessions.get(session) ?? new Map<string, Promise<EncodedFrame>>();
    this.sessions.set(session, frames);
    const rev = display.rev();
    const frame = frames.get(rev) ?? this.encoder.encode(display, whole);
    // Deleted first, so that the order is that of the last use.
    frames.delete(rev);
    frames.set(rev, frame);
    frame.then(
      () => shrink(frames),
      () => frames.delete(rev),
    );
  }

  /** The one with this rev, or that was seen last; null when it is not remembered. */
  async find(session: string, rev?: string): Promise<EncodedFrame | null> {
    const frames = this.sessions.get(session);
    const wanted = rev ?? [...(frames?.keys() ?? [])].at(-1);
    return (wanted !== undefined && (await frames?.get(wanted))) || null;
  }

  /** The session is gone. */
  drop(session: string): void {
    this.sessions.delete(session);
  }
}

/** Forgets the oldest; the last one always stays. */
async function shrink(frames: Map<string, Promise<EncodedFrame>>): Promise<void> {
  const all = await Promise.allSettled(frames.values());
  const sizes = all.map((each) => (each.status === "fulfilled" ? each.value.bytes.length : 0));
  let sum = sizes.reduce((total, size) => total + size, 0);
  for (const [at, rev] of [...frames.keys()].entries()) {
    if (frames.size <= 1 || (frames.size <= remembered && sum <= maxBytes)) return;
    sum -= sizes[at] ?? 0;
    frames.delete(rev);
  }
}
