import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerHealth, RunnerPorts } from "../../../../src/runner/protocol.ts";
import type { RunnerLook } from "../../../../src/runner/screen.ts";
import type { RunnerInputReply } from "../../../../src/runner/terminal.ts";
import { tunnelPath } from "../../../../src/tunnel/protocol.ts";
import type { Accessibility } from "../a11y/accessibility.ts";
import { connectBytes } from "../browser/bytes.ts";
import type { Chromium } from "../browser/chromium.ts";
import { devtoolsPages } from "../browser/devtools.ts";
import type { HeldButtons } from "../desktop/held-buttons.ts";
import type { Opener } from "../desktop/open.ts";
import type { Events } from "../events.ts";
import { exec } from "../exec/exec.ts";
import { listFolder, packFiles, statFile, unpackFiles } from "../files.ts";
import { listeners } from "../ports.ts";
import type { Readiness } from "../readiness.ts";
import type { Recordings } from "../record/recordings.ts";
import { attach } from "../terminal/attach.ts";
import type { SharedTerminal } from "../terminal/terminal.ts";
import type { Tunnel } from "../tunnel/tunnel.ts";
import type { Workstation } from "../workstation.ts";
import { parseStart } from "./browser-start.ts";
import { parseElementAct, parseWindows } from "./elements.ts";
import { parseInput, parseSettle } from "./input.ts";
import { parseOpen } from "./open.ts";
import { parseRecord } from "./record.ts";
import type { Handler } from "./server.ts";
import { parseWindowAction } from "./window-action.ts";

export interface Services {
  version: string;
  env: Record<string, string>;
  workstation: Workstation;
  readiness: Readiness;
  events: Events;
  tunnel: Tunnel;
  opener: Opener;
  heldButtons: HeldButtons;
  recordings: Recordings;
  browser: Chromium;
  accessibility: Accessibility;
}

/** The runner's operations (src/runner/protocol.ts). */
export function createRoutes(services: Services): Record<string, Handler> {
  const { version, env, workstation, readiness, events, tunnel, opener, browser } = services;
  const { accessibility, heldButtons, recordings } = services;
  const choose = (id: string | undefined): SharedTerminal => {
    const terminal = workstation.choose(id);
    if (terminal) return terminal;
    throw new NexoraError("not_found", "no terminal is open", { hint: "wait until it is ready" });
  };
  // Whoever has read the events may have held a button.
  const letsGo = { [Symbol.dispose]: () => void heldButtons.check() };
  return {
    "GET /runner/health": () => {
      const { uptimeMs, ready } = readiness;
      const health: RunnerHealth = { version, uptimeMs, ready, checks: workstation.checks() };
      return Response.json(health);
    },
    "GET /runner/events": (_, url) => {
      const until = [
        letsGo,
        ...(asks(url, "input") ? [workstation.inputWatch.watch()] : []),
        ...(asks(url, "windows") ? [workstation.managed.watch()] : []),
        ...(asks(url, "ports") ? [workstation.portWatch.watch()] : []),
      ];
      const headers = { "content-type": "application/x-ndjson" };
      return new Response(events.stream(until), { headers });
    },
    "GET /runner/screen": async (_, url) => Response.json(await workstation.screen(lookOf(url))),
    "GET /runner/focus": () => Response.json(workstation.focus()),
    "GET /runner/windows": async () => Response.json(await workstation.managed.list()),
    "GET /runner/ports": () => Response.json({ listeners: listeners() } satisfies RunnerPorts),
    "POST /runner/window": async (request) => {
      const { window, action } = await parseWindowAction(request);
      return Response.json(await workstation.managed.act(window, action, request.signal));
    },
    "POST /runner/open": async (request) =>
      Response.json(await opener.open(await parseOpen(request), request.signal)),
    "POST /runner/elements": async (request) =>
      Response.json(await accessibility.read(await parseWindows(request), request.signal)),
    "POST /runner/element": async (request) => {
      const { key, act, windows } = await parseElementAct(request);
      return Response.json(await accessibility.act(key, act, windows));
    },
    "POST /runner/recordings": async (request) =>
      Response.json(recordings.start(await parseRecord(request))),
    "GET /runner/recordings": () => Response.json({ recordings: recordings.list() }),
    "POST /runner/recording": async (request, url) => {
      const id = url.searchParams.get("id") ?? "";
      const action = url.searchParams.get("do");
      if (action === "stop") return Response.json(await recordings.stop(id));
      if (action === "rm") return Response.json(await recordings.remove(id));
      return Response.json(await recordings.show(id, action === "wait", request.signal));
    },
    "POST /runner/input": async (request) => {
      const input = await parseInput(request);
      const terminal = choose(input.terminal);
      if (input.text) await terminal.input(input.text, input.deadline);
      if (input.awaitInputBytes !== null) {
        await terminal.typing.await(input.awaitInputBytes, input.deadline);
      }
      if (input.awaitRestMs !== null) await terminal.awaitRest(input.awaitRestMs, input.deadline);
      const reply: RunnerInputReply = { terminal: terminal.id, inputBytes: terminal.typing.bytes };
      return Response.json(reply);
    },
    "POST /runner/settle": async (request) =>
      Response.json(await workstation.settle(await parseSettle(request), request.signal)),
    "POST /runner/exec": (request) => exec(request, env),
    "POST /runner/attach": (request) => attach(request, choose),
    [`POST ${tunnelPath}`]: (request) => tunnel.serve(request),
    "GET /runner/browser": async ({ signal }) => Response.json(await browser.look(signal)),
    "GET /runner/browser/pages": async ({ signal }) => Response.json(await devtoolsPages(signal)),
    "POST /runner/browser/start": async (request) =>
      Response.json(await browser.start(await parseStart(request), request.signal)),
    "POST /runner/browser/stop": async ({ signal }) => Response.json(await browser.stop(signal)),
    "POST /runner/browser/connect": (request) => connectBytes(request),
    "GET /runner/files": (request, url) => packFiles(pathOf(url), request.signal),
    "PUT /runner/files": async (request, url) =>
      Response.json(await unpackFiles(pathOf(url), request.body, request.signal)),
    "GET /runner/files/list": async (_, url) => Response.json(await listFolder(pathOf(url))),
    "GET /runner/files/stat": async (_, url) => Response.json(await statFile(pathOf(url))),
  };
}

function pathOf(url: URL): string {
  return url.searchParams.get("path") ?? "";
}

function asks(url: URL, name: string): boolean {
  return url.searchParams.get(name) === "true";
}

function lookOf(url: URL): RunnerLook {
  const lines = Number(url.searchParams.get("lines") ?? 0);
  if (!Number.isInteger(lines) || lines < 0) {
    throw new NexoraError("usage", "`lines` must be a whole number");
  }
  const [input, output, marks] = [asks(url, "input"), asks(url, "output"), asks(url, "marks")];
  return { lines, input, output, marks, all: asks(url, "all") };
}
