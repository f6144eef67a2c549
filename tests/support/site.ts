import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "../../src/contract/session.ts";
import { appsImage } from "./apps-image.ts";
import type { TestDaemon } from "./daemon.ts";

const source = join(import.meta.dir, "../fixtures/site");

/** A session in whose workstation the site of tests/fixtures/site is served. */
export class Site implements AsyncDisposable {
  /** The site, as it is called inside; the other name is another site for the browser. */
  readonly url = "http://127.0.0.1:8000";
  readonly otherUrl = "http://localhost:8001";

  private constructor(
    readonly session: Session,
    /** The session's workspace, on this side. */
    readonly workspace: string,
    private readonly daemon: TestDaemon,
  ) {}

  static async open(daemon: TestDaemon, input: Record<string, unknown> = {}): Promise<Site> {
    const workspace = mkdtempSync(join(tmpdir(), "nexora-site-"));
    cpSync(source, join(workspace, "site"), { recursive: true });
    try {
      const session = await daemon.newSession({ workspace, image: appsImage, ...input });
      const site = new Site(session, workspace, daemon);
      // Ends once the site listens.
      const command = ["node", "site/start.mjs"];
      const { exitCode, stderr } = await site.call<{ exitCode: number; stderr: string }>(
        "POST",
        "exec",
        { command },
      );
      if (exitCode !== 0) throw new Error(`the site did not start: ${stderr}`);
      return site;
    } catch (error) {
      rmSync(workspace, { recursive: true, force: true });
      throw error;
    }
  }

  /** One request about the session. Throws the daemon's error. */
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return this.daemon.call<T>(method, `/v1/sessions/${this.session.id}/${path}`, body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.daemon.call("DELETE", `/v1/sessions/${this.session.id}`);
    rmSync(this.workspace, { recursive: true, force: true });
  }
}
