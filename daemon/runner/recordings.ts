import { z } from "zod";
import type { RunnerRecord, RunnerRecording } from "../../src/runner/record.ts";
import { count, id, line } from "./bounds.ts";
import { checked } from "./reply.ts";
import type { RunnerRequests } from "./requests.ts";

const moment = z.iso.datetime();

const recordingReply = z.object({
  id,
  kind: z.enum(["desktop", "terminal"]),
  path: line(4096),
  bytes: count,
  startedAt: moment,
  endedAt: moment.nullable(),
  ended: z.enum(["stopped", "time", "size", "closed", "failed"]).nullable(),
  error: line(1000).nullable(),
}) satisfies z.ZodType<RunnerRecording>;

const recordingsReply = z.object({ recordings: z.array(recordingReply).max(10_000) });

/** What is recorded in a workstation. */
export class RunnerRecordings {
  constructor(private readonly requests: RunnerRequests) {}

  /** Begins to record. */
  start(session: string, what: RunnerRecord, signal?: AbortSignal): Promise<RunnerRecording> {
    return this.requests.ask(recordingReply, session, { at: "recordings", post: what }, signal);
  }

  /** What is recorded, and was. */
  all(session: string, signal?: AbortSignal): Promise<{ recordings: RunnerRecording[] }> {
    return this.requests.ask(recordingsReply, session, { at: "recordings" }, signal);
  }

  /** What one is like; ends it; removes its file. */
  act(
    session: string,
    recording: string,
    action: "show" | "stop" | "rm",
    signal?: AbortSignal,
  ): Promise<RunnerRecording> {
    const question = { at: recordingAt(recording, action), post: {} };
    return this.requests.ask(recordingReply, session, question, signal);
  }

  /** Waits for the end of one, however long that takes. */
  async wait(session: string, recording: string, signal?: AbortSignal): Promise<RunnerRecording> {
    const at = `/runner/${recordingAt(recording, "wait")}`;
    const reply = await this.requests.fetch(session, at, { method: "POST" }, signal);
    return checked(recordingReply, reply);
  }
}

function recordingAt(id: string, action: string): string {
  return `recording?id=${id}&do=${action}`;
}
