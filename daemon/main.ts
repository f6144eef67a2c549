import type { Config } from "../src/contract/config.ts";
import { operations } from "../src/contract/index.ts";
import { pathsOf } from "../src/paths.ts";
import { makePrivateFolder } from "../src/private-folder.ts";
import { version } from "../src/version.ts";
import { Actions } from "./actions/actions.ts";
import { Batches } from "./actions/batches.ts";
import { Settling } from "./actions/settling.ts";
import { assets } from "./assets.ts";
import { assembleBrowser } from "./browser/assemble.ts";
import { loadConfig } from "./config.ts";
import { assembleDesktop } from "./desktop/assemble.ts";
import { Things } from "./desktop/things.ts";
import { DesktopWindows } from "./desktop/windows.ts";
import { createDisplays } from "./display/displays.ts";
import { Doctor } from "./doctor.ts";
import { noImages } from "./drivers/capabilities.ts";
import { assembleDocker } from "./drivers/docker/assemble.ts";
import { Audit } from "./events/audit.ts";
import { Events } from "./events/events.ts";
import { Exec } from "./exec/exec.ts";
import { Expectations } from "./expect/expectations.ts";
import { faultsOf } from "./faults.ts";
import { assembleIfEnabled } from "./gateway/assemble-if-enabled.ts";
import { readInstance, readToken, register } from "./home.ts";
import { apiGroup } from "./http/api/api.ts";
import { apiPolicy } from "./http/api/policy.ts";
import { listen } from "./http/server.ts";
import { lockHome } from "./lock.ts";
import { openLog } from "./log.ts";
import { mcpGroup } from "./mcp/group.ts";
import { batchHandlers } from "./operations/batch.ts";
import { configHandlers } from "./operations/config.ts";
import { daemonHandlers } from "./operations/daemon.ts";
import { auditHandlers, eventHandlers } from "./operations/events.ts";
import { execHandlers } from "./operations/exec.ts";
import { expectHandlers } from "./operations/expect.ts";
import { fileHandlers } from "./operations/files.ts";
import { imageHandlers } from "./operations/images.ts";
import { recordHandlers } from "./operations/recordings.ts";
import { Registry } from "./operations/registry.ts";
import { waitHandlers, watchHandlers } from "./operations/screen.ts";
import { sessionHandlers } from "./operations/sessions.ts";
import { tokenHandlers } from "./operations/tokens.ts";
import { Patterns } from "./patterns/patterns.ts";
import { assemblePerception } from "./perception/assemble.ts";
import { Changes } from "./perception/changes.ts";
import { Refs } from "./perception/refs.ts";
import { Ports } from "./ports/ports.ts";
import { isFree } from "./ports/probe.ts";
import { Tokens } from "./principals/tokens.ts";
import { userName } from "./principals/user-name.ts";
import { RunnerClient } from "./runner/client.ts";
import { Activity } from "./sessions/activity.ts";
import { assembleSessions } from "./sessions/assemble.ts";
import { Directory } from "./sessions/directory.ts";
import { instanceOf, openStore, serverOf } from "./store/open.ts";
import { countSealed } from "./store/sealed.ts";
import { SessionRepository } from "./store/sessions.ts";
import { Tunnels } from "./tunnel/tunnels.ts";
import { Turns } from "./turns.ts";
import { assembleVault } from "./vault/assemble.ts";
import { SecretBox } from "./vault/secretbox.ts";
import { assembleVendors } from "./vendors/assemble.ts";
import { Waits } from "./waits/waits.ts";

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

  const user = userName();
  const homeId = readInstance(paths);
  const store = await openStore({
    dataDir: paths.data,
    server: serverOf(env),
    assets: assets.store(),
  });
  ends.defer(() => store.close());
  const { db } = store;
  const instance = await instanceOf(db, homeId);
  const secretBox = await SecretBox.forHome(paths.home, () => countSealed(db, instance));
  const rows = new SessionRepository({ db, instance, secretBox });
  const ports = await Ports.open({ db, instance, pools: config.ports, isFree });

  const faults = faultsOf(env);
  const driver = await assembleDocker({
    ...{ paths, config: config.isolation, instance, ports, faults },
  });
  ends.defer(() => driver.close());

  const activity = new Activity();
  const directory = new Directory(rows, driver, activity, (session) => tunnels.follow(session));
  const runner = new RunnerClient(async (session) => (await directory.reach(session)).runner);
  const displays = createDisplays({
    locate: async (session) => (await directory.reach(session)).rfb,
  });
  ends.defer(() => displays.close());
  const services = (session: string) => gateway.services(session);
  const tunnels = new Tunnels({ services, runner, log });
  ends.defer(() => tunnels.close());
  const { matches } = ends.use(new Patterns());
  const exec = new Exec(runner);
  const refs = new Refs();
  const windows = new DesktopWindows(runner);
  const turns = new Turns();
  const browser = assembleBrowser({
    ...{ runner, exec, directory, windows, refs, matches, db, instance, turns, log },
    key: secretBox.derive("browser profiles"),
    url: () => facts.url,
  });
  ends.defer(() => browser.close());
  const perception = assemblePerception({
    ...{ displays, runner, exec, matches, refs, pages: browser, program },
  });
  const { blocks, screens, pictures } = perception;
  const things = new Things(refs, perception.refSources, windows);
  const waits = new Waits({ displays, runner, windows, blocks, things, matches });
  const settling = new Settling({ displays, runner });
  const actions = new Actions({ waits, screens, settling, turns });
  const desktop = assembleDesktop({
    ...{ displays, runner, windows, exec, pictures, blocks, actions },
    ...{ things, turns },
  });
  const vendors = ends.use(
    assembleVendors({
      ...{ displays, windows, settling, exec, turns },
      ...{ encoder: perception.encoder, input: desktop.input, pointing: desktop.pointing },
    }),
  );
  const events = new Events({ db, instance, log });
  const audit = new Audit({ db, instance, log });
  ends.use(audit);
  const keys = await assembleVault({ home: paths.home, env, db, instance, events, faults, log });
  ends.defer(() => keys.close());
  const tokens = ends.use(await Tokens.open({ db, instance, log }));
  const fileToken = readToken(paths);
  const session = (id: string) => directory.peek(id)?.row ?? null;
  const gateway = await assembleIfEnabled({
    ...{ config: config.gateway, paths, env, db, instance, log, tokens, fileToken, session },
    snapshot: assets.models(),
    sessionKey: secretBox.derive("gateway sessions"),
    vault: keys.vault,
  });
  ends.use(gateway);
  const { lifecycle, supervisor } = assembleSessions({
    ...{ rows, driver, directory, activity, runner, events, audit, config, faults, log },
    offered: (session) => tunnels.offered(session),
    environment: (row) => gateway.environment(row),
    onGone(session) {
      displays.drop(session);
      perception.drop(session);
      tunnels.drop(session);
      browser.drop(session);
      vendors.drop(session);
    },
  });
  ends.defer(() => lifecycle.close());
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
  const registry: Registry = Registry.of(
    operations,
    {
      ...sessionHandlers({ directory, lifecycle, rows, driver, exec, activity }),
      ...perception.handlers,
      ...desktop.handlers,
      ...batchHandlers({
        ...{ actions, screens, settling, turns },
        batches: new Batches(() => registry),
      }),
      ...expectHandlers(
        new Expectations({ runner, windows, blocks, things, exec, matches, input: desktop.input }),
      ),
      ...vendors.handlers,
      ...browser.handlers,
      ...recordHandlers(runner.recordings),
      ...execHandlers(exec),
      ...waitHandlers(waits),
      ...watchHandlers(new Changes({ displays, screens })),
      ...fileHandlers(runner.files),
      ...eventHandlers(events),
      ...imageHandlers(driver.images ?? noImages(driver)),
      ...keys.handlers(gateway.trial),
      ...tokenHandlers({ tokens, directory, rows }),
      ...auditHandlers(audit),
      ...gateway.handlers,
      ...configHandlers(config, paths.config),
      ...daemonHandlers({
        facts,
        doctor: new Doctor({ driver, store, home: paths.home }),
        sessions: () => directory.size,
        stop: stopping.resolve,
      }),
    },
    { sessions: directory, audit, turns, log },
  );
  const policy = apiPolicy(fileToken, tokens, await user);
  const api = apiGroup(registry, policy, () => facts.url);
  const mcp = ends.use(mcpGroup(registry, policy));
  const server = listen([browser.group, mcp, api], {
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
