import type { SessionRow } from "../store/sessions.ts";
import { HttpService } from "../tunnel/http-service.ts";
import type { Service } from "../tunnel/service.ts";
import type { Callers, SessionModels } from "./limits/callers.ts";

/** Where programs in workstations find the gateway, whatever its port is on the host. */
const port = 9300;

export interface InsideParts {
  /** The gateway's door. */
  fetch(request: Request): Promise<Response>;
  callers: Pick<Callers, "forSession">;
  /** Path of a Unix socket, see HttpService. */
  socket: string;
  /** A session that runs, by id. */
  session(id: string): Pick<SessionModels, "models"> | null;
}

/** The gateway as workstations have it: at their own loopback, with a token of the session. */
export class Inside {
  private readonly service: HttpService;

  constructor(private readonly parts: InsideParts) {
    const { socket } = parts;
    const fetch = (request: Request) => parts.fetch(request);
    this.service = new HttpService({ name: "models", port, socket, fetch });
  }

  /** What a session is offered. */
  services(session: string): readonly Service[] {
    const row = this.parts.session(session);
    return row && mayUseAny(row) ? [this.service] : [];
  }

  /** What is set in a session's environment. */
  environment(row: Pick<SessionRow, "id" | "models">): Record<string, string> {
    return mayUseAny(row) ? modelEnvironment(this.parts.callers.forSession(row.id)) : {};
  }

  close(): Promise<void> {
    return this.service.close();
  }
}

function mayUseAny({ models }: Pick<SessionModels, "models">): boolean {
  return models === null || models.length > 0;
}

/**
 * What the official SDKs and command lines read: OpenAI's, Anthropic's, Google's. Of Anthropic's two
 * names for a key the one that `claude` takes without asking; with both it warns.
 */
function modelEnvironment(token: string): Record<string, string> {
  const base = `http://127.0.0.1:${port}`;
  return {
    OPENAI_BASE_URL: `${base}/v1`,
    OPENAI_API_KEY: token,
    ANTHROPIC_BASE_URL: base,
    ANTHROPIC_AUTH_TOKEN: token,
    GOOGLE_GEMINI_BASE_URL: base,
    GEMINI_API_KEY: token,
  };
}
