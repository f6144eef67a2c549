import { access, constants, rm } from "node:fs/promises";
import { version } from "../../../package.json";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { RunnerBoot } from "../../../src/runner/boot.ts";
import { Accessibility } from "./a11y/accessibility.ts";
import { AccessibilityBus } from "./a11y/bus.ts";
import { sessionBusListens, sessionBusLives, sessionBusProgram } from "./a11y/session-bus.ts";
import { workspaceDirectory } from "./account.ts";
import { Chromium } from "./browser/chromium.ts";
import { HeldButtons } from "./desktop/held-buttons.ts";
import { Opener } from "./desktop/open.ts";
import { endLeftPrograms, fluxbox, mainTerminal, visibleTerminal } from "./desktop/programs.ts";
import { type Program, supervise } from "./desktop/supervise.ts";
import { openWindows } from "./desktop/x-clients.ts";
import type { Xvnc } from "./desktop/xvnc.ts";
import { Events } from "./events.ts";
import { createRoutes } from "./http/routes.ts";
import { serve } from "./http/server.ts";
import type { Log } from "./log.ts";
import { Readiness } from "./readiness.ts";
import { Recordings } from "./record/recordings.ts";
import type { Supervised } from "./supervised.ts";
import { relaySocket } from "./terminal/relay.ts";
import { Terminals } from "./terminal/terminals.ts";
import { Tunnel } from "./tunnel/tunnel.ts";
import { Workstation } from "./workstation.ts";

/** How long programs may take to end by themselves. */
const endDeadlineMs = 2_000;

/** Of the desktop, behind all windows. */
const backgroundColour = 0x14161e;

/** What a workstation is started with. */
export interface Start {
  boot: RunnerBoot;
  /** Resolves when the network is there. */
  network: Promise<unknown>;
  /** Of everything that runs for the user. */
  env: Record<string, string>;
  xvnc: Xvnc;
  /** Null when this is the workstation's first process. */
  supervisor: Supervised | null;
  log: Log;
}

async function checkOpen(folder: string): Promise<void> {
  try {
    await access(folder, constants.R_OK | constants.X_OK);
  } catch (cause) {
    throw new NexoraError("forbidden", `${folder} cannot be read`, { cause });
  }
}

/** The composition root: wires the parts, and resolves with why the workstation has ended. */
export async function operate(start: Start): Promise<{ reason: string; wanted: boolean }> {
  const { boot, network, env, xvnc, supervisor, log } = start;
  if (boot.viewedWorkspace) await checkOpen(workspaceDirectory);

  const { endings = 0, ending = "" } = supervisor ?? {};
  if (endings > 0) endLeftPrograms();
  const events = new Events({ endings, ending });
  const bus = sessionBusProgram(env);
  const accessibilityBus = new AccessibilityBus();
  const readiness = new Readiness({
    ready: (ms) => {
      log.event({ event: "ready", ms });
      events.emit({ type: "ready" });
      workstation.windows?.colourBackground(backgroundColour);
      // GTK starts it, Qt only looks whether it is there. Now it takes nothing from the start.
      if (bus) void accessibilityBus.connection();
      // Whoever scrolls a terminal back before the first look is heard, too.
      workstation.managed.begin().catch(() => {});
      // It outlives a runner, as all that has a window.
      if (boot.browser && endings === 0) openBrowser();
    },
    failed: (part, message) => log.event({ event: "failed", part, message }),
  });
  const workstation = new Workstation(mainTerminal, events, readiness);
  const stop = new AbortController();
  const programs: Promise<unknown>[] = [];
  const keep = (program: Program) => programs.push(supervise(program, log, stop.signal));
  const browser = new Chromium(env, log, stop.signal);
  const openBrowser = () => {
    const opened = browser.startBehind(workstation.managed);
    opened.catch((error: Error) => log.line("runner", error.message));
  };
  if (bus && !(endings > 0 && (await sessionBusLives()))) keep(bus);
  const busListens = bus ? sessionBusListens() : Promise.resolve();

  const terminals = new Terminals({
    shell: [env.SHELL ?? "/bin/bash", "-i"],
    cwd: workspaceDirectory,
    env,
    lastingTerminal: mainTerminal,
    events: workstation.terminalEvents,
    log,
  });
  workstation.terminals = terminals;

  const begun = Promise.all([network, busListens]).then(() => terminals.begin());
  begun.catch(() => {}); // Awaited below.
  await rm(relaySocket, { force: true });
  await Promise.all([
    terminals.listen(relaySocket),
    xvnc.admit(boot.vncPassword),
    browser.unlock(),
    busListens,
  ]);
  const tunnel = new Tunnel(log);
  const opener = new Opener({ windows: workstation.managed, env, stop: stop.signal });
  const accessibility = new Accessibility(accessibilityBus);
  const { vncPassword } = boot;
  const heldButtons = new HeldButtons({ windows: workstation.managed, vncPassword, log });
  const recordings = new Recordings({ env, terminal: () => workstation.choose(undefined) });
  const windowed = { opener, heldButtons, recordings, browser, accessibility };
  const desktop = { env, workstation, readiness, events, ...windowed };
  serve(boot.token, createRoutes({ version, tunnel, ...desktop }), supervisor?.listener ?? null);
  supervisor?.isUp();
  log.event({ event: "listening" });
  const startPrograms = () => {
    // The terminal first: it takes longest, and both want the same cores.
    keep(visibleTerminal(env, boot.name));
    keep(fluxbox(env));
  };
  workstation.windows = await openWindows(xvnc, workstation.windowsChanged, startPrograms);
  await Promise.all([xvnc.ready, begun]);
  readiness.report("display", true, "the X server answers");

  const terminated = new Promise<string>((resolve) => {
    process.on("SIGTERM", () => resolve("stopped by SIGTERM"));
    process.on("SIGINT", () => resolve("stopped by SIGINT"));
  });
  const wanted = terminated.then((reason) => ({ reason, wanted: true }));
  const died = xvnc.ended.then((reason) => ({ reason, wanted: false }));
  const end = await Promise.race([died, wanted]);
  stop.abort();
  const recorded = recordings.close();
  await Promise.race([recorded, Bun.sleep(endDeadlineMs)]);
  terminals.close();
  // A browser that loses its display before it has ended calls that a crash.
  programs.push(browser.stop(AbortSignal.timeout(endDeadlineMs)));
  await Promise.race([Promise.all(programs), Bun.sleep(endDeadlineMs)]);
  xvnc.stop();
  await xvnc.ended;
  return end;
}
