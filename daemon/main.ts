import { dirname } from "node:path";
import type { Config } from "../src/contract/config.ts";
import { NexoraError } from "../src/contract/errors.ts";
import { operations } from "../src/contract/index.ts";
import { pathsOf } from "../src/paths.ts";
import { makePrivateFolder } from "../src/private-folder.ts";
import { version } from "../src/version.ts";
import { Actions } from "./actions/actions.ts";
import { Batches } from "./actions/batches.ts";
import { Settling } from "./actions/settling.ts";
import { assets } from "./assets.ts";
import { assembleBrowser } from "./browser/assemble.ts";
import { assembleElements } from "./browser/assemble-elements.ts";
import { assemblePages } from "./browser/assemble-pages.ts";
import { assembleChromeScripts } from "./browser/assemble-scripts.ts";
import { loadConfig } from "./config.ts";
import { assembleDesktop } from "./desktop/assemble.ts";
import { Things } from "./desktop/things.ts";
import { DesktopWindows } from "./desktop/windows.ts";
import { createDisplays } from "./display/displays.ts";
import { createEncoder } from "./display/encode.ts";
import { PictureFrames } from "./display/picture-frames.ts";
import { Doctor } from "./doctor.ts";
import { noImages } from "./drivers/capabilities.ts";
import { connectDocker } from "./drivers/docker/connect.ts";
import { createDockerDriver } from "./drivers/docker/driver.ts";
import { createImageStore } from "./drivers/docker/images/store.ts";
import { readSeccomp } from "./drivers/docker/security.ts";
import { Audit } from "./events/audit.ts";
import { Events } from "./events/events.ts";
import { Exec } from "./exec/exec.ts";
import { faultsOf } from "./faults.ts";
import { Inside } from "./gateway/inside.ts";
import { UsageTable } from "./gateway/usage/table.ts";
import { readInstance, readToken, register } from "./home.ts";
import { apiGroup } from "./http/api/api.ts";
import { apiPolicy } from "./http/api/policy.ts";
import { listen } from "./http/server.ts";
import { KeyedQueue } from "./keyed-queue.ts";
import { lockHome } from "./lock.ts";
import { openLog } from "./log.ts";
import { mcpGroup } from "./mcp/group.ts";
import { loadSharp } from "./native/sharp.ts";
import { batchHandlers } from "./operations/batch.ts";
import { catalogueHandlers } from "./operations/catalogue.ts";
import { configHandlers } from "./operations/config.ts";
import { daemonHandlers } from "./operations/daemon.ts";
import { diffHandlers } from "./operations/diff.ts";
import { auditHandlers, eventHandlers } from "./operations/events.ts";
import { execHandlers } from "./operations/exec.ts";
import { fileHandlers } from "./operations/files.ts";
import { gatewayHandlers } from "./operations/gateway.ts";
import { imageHandlers } from "./operations/images.ts";
import { recordHandlers } from "./operations/recordings.ts";
import { Registry } from "./operations/registry.ts";
import { screenHandlers, waitHandlers } from "./operations/screen.ts";
import { sessionHandlers } from "./operations/sessions.ts";
import { tokenHandlers } from "./operations/tokens.ts";
import { usageHandlers } from "./operations/usage.ts";
import { Patterns } from "./patterns/patterns.ts";
import { AccessibleWindows } from "./perception/accessibility.ts";
import { Blocks } from "./perception/blocks.ts";
import { Diffs } from "./perception/diff/diffs.ts";
import { SeenFrames } from "./perception/diff/seen-frames.ts";
import { assembleOcr } from "./perception/ocr/assemble.ts";
import { RefLister } from "./perception/ref-lists.ts";
import { Refs } from "./perception/refs.ts";
import { Screens } from "./perception/screens.ts";
import { Ports } from "./ports/ports.ts";
import { isFree } from "./ports/probe.ts";
import { Tokens } from "./principals/tokens.ts";
import { RunnerClient } from "./runner/client.ts";
import { Activity } from "./sessions/activity.ts";
import { BringUp } from "./sessions/bring-up.ts";
import { Directory } from "./sessions/directory.ts";
import { Expiry } from "./sessions/expiry.ts";
import { Health } from "./sessions/health.ts";
import { HomeLimit } from "./sessions/home-limit.ts";
import { Lifecycle } from "./sessions/lifecycle.ts";
import { Reconciler } from "./sessions/reconcile.ts";
import { Retention } from "./sessions/retention.ts";
import { Revival } from "./sessions/revival.ts";
import { Supervisor } from "./sessions/supervisor.ts";
import { instanceOf, openStore, serverOf } from "./store/open.ts";
import { countSecrets, SessionRepository, type SessionRow } from "./store/sessions.ts";
import { Tunnels } from "./tunnel/tunnels.ts";
import { assembleVault } from "./vault/assemble.ts";
import { SecretBox } from "./vault/secretbox.ts";
import { Waits } from "./waits/waits.ts";
import { Workspaces } from "./workspaces/workspaces.ts";

export interface DaemonOptions {
  /** TCP port on 127.0.0.1; default: the configuration's. 0 is any. */
  port?: number | undefined;
  env?: Record<string, string | undefined>;
  /** The command line that runs this program. */
  program: readonly string[];
}

/**
 * The composition root: the only place that knows which parts there are. Runs until SIGTERM,
 * SIGINT or `daemon stop`; sessions go on without it.
 */
export async function runDaemon({
  port,
  env = process.env,
  program,
}: DaemonOptions): Promise<void> {
  const startedAt = new Date();
  const paths = pathsOf(env);
  makePrivateFolder(paths.home);
  makePrivateFolder(paths.socketFolder);
  const config = loadConfig(paths.config);
  using _lock = lockHome(paths.home);
  await using ends = new AsyncDisposableStack();

  const { log, close: closeLog } = await openLog(paths.log, levelOf(env, config.daemon.logLevel));
  ends.defer(closeLog);
  log.info("daemon starting", { version, pid: process.pid });

  const homeId = readInstance(paths);
  const store = await openStore({
    dataDir: paths.data,
    server: serverOf(env),
    assets: assets.store(),
  });
  ends.defer(() => store.close());
  const { db } = store;
  const instance = await instanceOf(db, homeId);
  const secretBox = await SecretBox.forHome(paths.home, () => countSecrets(db, instance));
  const rows = new SessionRepository({ db, instance, secretBox });
  const ports = await Ports.open({ db, instance, pools: config.ports, isFree });

  const faults = faultsOf(env);
  const docker = connectDocker();
  const context = assets.workstationContext();
  if (!context)
    throw new NexoraError("unexpected", "there is no image context: run `bun run build`");
  const self = { euid: process.geteuid?.() ?? 0, egid: process.getegid?.() ?? 0 };
  const workspaces = new Workspaces(paths.home, self, dirname(paths.config));
  const driver = createDockerDriver({
    docker,
    instance,
    images: createImageStore({ docker, context }),
    seccomp: await readSeccomp(config.isolation.seccompProfile ?? assets.seccomp()),
    apparmor: config.isolation.apparmor,
    workspaces,
    ports,
    faults,
  });
  ends.defer(() => driver.close());

  const activity = new Activity();
  const directory = new Directory(rows, driver, activity, (session) => tunnels.follow(session));
  const runner = new RunnerClient(async (session) => (await directory.reach(session)).runner);
  const displays = createDisplays({
    locate: async (session) => (await directory.reach(session)).rfb,
  });
  ends.defer(() => displays.close());
  // What sessions are offered at a loopback address of theirs.
  const services = (session: string) => inside?.services(session) ?? [];
  const tunnels = new Tunnels({ services, runner, log });
  ends.defer(() => tunnels.close());
  const { matches } = ends.use(new Patterns());
  const exec = new Exec(runner);
  const key = secretBox.derive("browser profiles");
  const browser = assembleBrowser({ runner, exec, db, instance, key, log });
  ends.defer(() => browser.browsers.close());
  const refs = new Refs();
  const windows = new DesktopWindows(runner);
  const elements = assembleElements(refs, { browsers: browser.browsers, windows });
  const pages = assemblePages(browser.browsers, matches, elements.reader);
  const pictures = new PictureFrames();
  const accessible = new AccessibleWindows(runner);
  const refSources = [elements.refSource, accessible];
  const encoder = createEncoder({ sharp: loadSharp });
  const seen = new SeenFrames(encoder);
  const ocr = assembleOcr({ displays, exec, program });
  const blocks = new Blocks({
    ...{ runner, matches, sources: [elements.textSource, accessible], ocr },
    refs: new RefLister(refs, refSources),
  });
  const screens = new Screens({ displays, encoder, pictures, seen, blocks });
  const things = new Things(refs, refSources, windows);
  const waits = new Waits({ displays, runner, windows, blocks, things, matches });
  const chromeScripts = assembleChromeScripts({
    browsers: browser.browsers,
    runner,
    exec,
    directory,
    url: () => facts.url,
  });
  const events = new Events({ db, instance, log });
  const audit = new Audit({ db, instance, log });
  ends.use(audit);
  const keys = await assembleVault({ home: paths.home, env, db, instance, events, faults, log });
  ends.defer(() => keys.close());
  const tokens = await Tokens.open({ db, instance, log });
  const fileToken = readToken(paths);
  const gateway = config.gateway.enabled
    ? await (await import("./gateway/assemble.ts")).assembleGateway({
        config: config.gateway,
        paths,
        env,
        db,
        instance,
        log,
        snapshot: assets.models(),
        tokens,
        fileToken,
        sessionKey: secretBox.derive("gateway sessions"),
        session: (id) => directory.peek(id)?.row ?? null,
        vault: keys.vault,
      })
    : null;
  if (gateway) ends.use(gateway);
  const inside = gateway
    ? new Inside({
        fetch: gateway.fetch,
        callers: gateway.callers,
        socket: paths.modelsSocket,
        session: (id) => directory.peek(id)?.row,
      })
    : null;
  ends.defer(() => inside?.close());
  const environment = (row: SessionRow) => inside?.environment(row) ?? {};
  const offered = (session: string) => tunnels.offered(session);
  const bringUp = new BringUp({
    rows,
    driver,
    directory,
    offered,
    environment,
    config,
    faults,
    log,
  });
  const lifecycle = new Lifecycle({
    rows,
    driver,
    directory,
    bringUp,
    activity,
    events,
    config,
    faults,
    onGone: (session) => {
      displays.drop(session);
      pictures.drop(session);
      seen.drop(session);
      ocr.drop(session);
      refs.drop(session);
      tunnels.drop(session);
      browser.browsers.drop(session);
      chromeScripts.drop(session);
    },
  });
  ends.defer(() => lifecycle.close());
  const { retentionMs, silenceMs, homeBytes: limitBytes } = config.sessions;
  const revival = new Revival({ rows, lifecycle, events, log });
  const supervisor = new Supervisor({
    driver,
    events,
    log,
    reconciler: new Reconciler({
      rows,
      driver,
      directory,
      lifecycle,
      revival,
      activity,
      events,
      log,
    }),
    revival,
    expiry: new Expiry({ rows, directory, lifecycle, activity, log }),
    retention: new Retention({ rows, lifecycle, records: [events, audit], retentionMs, log }),
    health: new Health({ driver, directory, lifecycle, revival, runner, events, log, silenceMs }),
    homeLimit: new HomeLimit({ driver, directory, lifecycle, limitBytes }),
    everyMs: { expiry: 1000, reconcile: 60_000, homes: 2000 },
  });
  await supervisor.start();
  ends.defer(() => supervisor.close());

  const stopping = Promise.withResolvers<void>();
  const facts = {
    instance,
    home: paths.home,
    url: "",
    socket: paths.socket,
    store: { kind: store.kind, source: store.source, address: store.address },
    startedAt: startedAt.toISOString(),
  };
  // Keys and pointer of a session take turns.
  const queue = new KeyedQueue();
  const actions = new Actions({ waits, screens, settling: new Settling({ displays, runner }) });
  const registry: Registry = Registry.of(
    operations,
    {
      ...sessionHandlers({ directory, lifecycle, rows, driver, exec, activity }),
      ...screenHandlers(screens),
      ...diffHandlers(new Diffs(displays, seen, loadSharp)),
      ...assembleDesktop({
        ...{ displays, runner, windows, exec, pictures, blocks, actions },
        ...{ things, queue },
      }),
      ...batchHandlers({ actions, batches: new Batches(() => registry), queue }),
      ...browser.handlers,
      ...chromeScripts.handlers,
      ...pages.handlers,
      ...elements.handlers({ ...browser, ...pages, files: runner.files }),
      ...recordHandlers(runner.recordings),
      ...execHandlers(exec),
      ...waitHandlers(waits),
      ...fileHandlers(runner.files),
      ...eventHandlers(events),
      ...imageHandlers(driver.images ?? noImages(driver)),
      ...keys.handlers(gateway?.trial ?? null),
      ...usageHandlers(gateway?.usage ?? new UsageTable(db, instance)),
      ...tokenHandlers({ tokens, directory, rows }),
      ...auditHandlers(audit),
      ...catalogueHandlers(gateway?.catalogue ?? null),
      ...gatewayHandlers(gateway?.handlerParts ?? null),
      ...configHandlers(config, paths.config),
      ...daemonHandlers({
        facts,
        doctor: new Doctor({ driver, store, home: paths.home }),
        sessions: () => directory.size,
        stop: stopping.resolve,
      }),
    },
    { sessions: directory, audit, log },
  );
  const api = apiGroup(registry, apiPolicy(fileToken, tokens), () => facts.url);
  const mcp = ends.use(mcpGroup(registry, apiPolicy(fileToken, tokens)));
  const server = listen([chromeScripts.group, mcp, api], {
    socket: paths.socket,
    port: port ?? config.daemon.port,
  });
  ends.defer(() => server.stop());
  facts.url = server.url;
  ends.defer(
    register(paths, {
      pid: process.pid,
      version,
      url: server.url,
      socket: paths.socket,
      startedAt: startedAt.toISOString(),
      instance,
    }),
  );
  log.info("daemon ready", { url: server.url, ms: Date.now() - startedAt.getTime() });

  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stopping.resolve);
  await stopping.promise;
  log.info("daemon stopping");
}

function levelOf(env: Record<string, string | undefined>, fallback: Config["daemon"]["logLevel"]) {
  const level = env.NEXORA_LOG;
  return level === "debug" || level === "info" || level === "warning" || level === "error"
    ? level
    : fallback;
}
