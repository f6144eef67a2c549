import { createServer, type Server, type Socket } from "node:net";
import { NexoraError } from "../../../../src/contract/errors.ts";
import { frameJson, frameType, readFrames } from "../../../../src/frames.ts";
import { messageOf } from "../../../../src/thrown.ts";
import type { Log } from "../log.ts";
import { parseHello, parseSize } from "./hello.ts";
import type { RelayHello } from "./relay.ts";
import { SharedTerminal, type TerminalEvents } from "./terminal.ts";
import type { Viewer } from "./viewers.ts";

/** Terminals at a time; each holds a shell and its scrollback. */
const maxTerminals = 32;
/** Of a terminal that no window shows yet. */
const defaultSize = { columns: 80, rows: 24 };

export interface TerminalsOptions {
  shell: string[];
  cwd: string;
  env: Record<string, string>;
  /** Its shell outlives the xterm around it. */
  lastingTerminal: string;
  events: TerminalEvents;
  log: Log;
}

type Program = Pick<TerminalsOptions, "shell" | "cwd" | "env">;

/** The runner's terminals, each made when a relay asks for it. */
export class Terminals {
  private readonly byId = new Map<string, SharedTerminal>();
  private readonly server: Server;
  private made = 0;
  private readonly begun = Promise.withResolvers<void>();

  constructor(private readonly options: TerminalsOptions) {
    this.server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      void this.serve(socket).catch((error: Error) => {
        options.log.line("runner", `a terminal's relay failed: ${error.message}`);
        socket.destroy();
      });
    });
  }

  /** Waits for relays on a Unix socket. */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(path, resolve);
    });
  }

  get(id: string): SharedTerminal {
    const terminal = this.byId.get(id);
    if (terminal) return terminal;
    throw new NexoraError("not_found", `there is no terminal ${id}`, {
      hint: `terminals: ${[...this.byId.keys()].join(", ") || "none"}`,
    });
  }

  /** The terminal that an X window shows. */
  ofWindow(window: number): SharedTerminal | null {
    return this.all().find((terminal) => terminal.xterm?.window === window) ?? null;
  }

  all(): SharedTerminal[] {
    return [...this.byId.values()];
  }

  close(): void {
    this.server.close();
    for (const terminal of this.all()) terminal.close();
  }

  private async serve(socket: Socket): Promise<void> {
    let terminal: SharedTerminal | null = null;
    let refused = false;
    const viewer: Viewer = {
      write: (bytes) => socket.write(bytes),
      end: () => socket.end(),
      get backlog() {
        return socket.writableLength;
      },
    };
    socket.on("drain", () => terminal?.relieve());
    try {
      for await (const frame of readFrames(socket)) {
        if (frame.type === frameType.spec && !terminal) {
          const hello = parseHello(frameJson(frame));
          await this.begun.promise;
          try {
            terminal = this.open(hello.terminal, hello, this.programOf(hello));
          } catch (error) {
            socket.write(this.refusal(messageOf(error)));
            refused = true;
            continue;
          }
          terminal.resize(hello.columns, hello.rows);
          terminal.view(viewer);
          terminal.showIn({ viewer, window: hello.window });
        } else if (frame.type === frameType.stdin && refused) {
          return;
        } else if (frame.type === frameType.stdin) {
          await terminal?.keyboard(frame.payload);
        } else if (frame.type === frameType.resize) {
          const { columns, rows } = parseSize(frameJson(frame));
          terminal?.resize(columns, rows);
        }
      }
    } finally {
      socket.end();
      terminal?.leave(viewer);
      if (terminal?.xterm?.viewer === viewer) {
        terminal.xterm = null;
        if (terminal.id !== this.options.lastingTerminal) this.end(terminal);
      }
    }
  }

  /** What a window says in which no terminal can be opened, until a key closes it. */
  private refusal(message: string): string {
    this.options.log.line("runner", `a window has no terminal: ${message}`);
    return `nexora: this window has no terminal: ${message}\r\n\r\nPress a key to close it.\r\n`;
  }

  /** Starts the lasting terminal, before there is a window for it; none starts earlier. */
  begin(): void {
    const { lastingTerminal, shell, cwd, env } = this.options;
    this.open(lastingTerminal, defaultSize, { shell, cwd, env });
    this.begun.resolve();
  }

  /** What a relay wants to run. */
  private programOf({ command, cwd, env }: RelayHello): Program {
    const { shell } = this.options;
    if (command === null) return { shell, cwd: this.options.cwd, env: this.options.env };
    return { shell: command.length > 0 ? command : [env.SHELL ?? shell[0] ?? "/bin/sh"], cwd, env };
  }

  private open(
    wanted: string | null,
    size: { columns: number; rows: number },
    program: Program,
  ): SharedTerminal {
    const id = wanted ?? this.freeId();
    const present = this.byId.get(id);
    if (present) return present;
    if (this.byId.size >= maxTerminals) {
      throw new NexoraError("conflict", `there are ${maxTerminals} already, which is the most`);
    }
    const terminal = new SharedTerminal({ id, ...program, ...size }, this.options.events);
    this.byId.set(id, terminal);
    void terminal.ended.then(() => this.forget(terminal));
    return terminal;
  }

  /** Its window has closed: there is room for another one at once, however long its programs take to end. */
  private end(terminal: SharedTerminal): void {
    terminal.close();
    this.forget(terminal);
  }

  private forget(terminal: SharedTerminal): void {
    if (this.byId.get(terminal.id) === terminal) this.byId.delete(terminal.id);
  }

  private freeId(): string {
    let id: string;
    do id = `t${++this.made}`;
    while (this.byId.has(id) || id === this.options.lastingTerminal);
    return id;
  }
}
