import type { BuildEvent, Image } from "../../src/contract/image.ts";
import type { RunnerBoot } from "../../src/runner/boot.ts";
import type { Address } from "../address.ts";

/**
 * What runs workstations. Docker is the first; Kubernetes and remote nodes come later, so the
 * interface speaks of workstations and channels, not of containers and ports.
 */
export interface Driver extends Capabilities {
  /** What people call it, for example `Docker`. */
  readonly kind: string;

  /** Which engine it is, for as long as the engine keeps its data. Throws `engine_unreachable`. */
  identity(signal?: AbortSignal): Promise<string>;

  /** Facts of the engine. Throws `engine_unreachable` or `engine_too_old`, naming the next step. */
  check(signal?: AbortSignal): Promise<EngineInfo>;

  /** Throws `usage` for a container runtime that the engine does not offer, naming those it does. */
  checkRuntime(runtime: string | null, signal?: AbortSignal): Promise<void>;

  /**
   * Makes, but does not start, a workstation. Leaves nothing behind when it throws. Throws
   * `ports_exhausted` when it needs ports of the host and none are left.
   */
  create(spec: WorkstationSpec, signal?: AbortSignal): Promise<WorkstationRef>;

  /**
   * Starts it, hands it its secrets, and follows what it says until READY.
   * Throws `engine_failed` with the part that did not come up and the tail of the log.
   */
  start(ref: WorkstationRef, boot: RunnerBoot, signal?: AbortSignal): Promise<void>;

  /** Asks it to end, and kills it after `graceMs`. Stopping a stopped one is no error. */
  stop(ref: WorkstationRef, options: { graceMs: number }, signal?: AbortSignal): Promise<void>;

  /** Removes it, and with `home` its home volume. Removing what is gone is no error. */
  remove(ref: WorkstationRef, options: { home: boolean }, signal?: AbortSignal): Promise<void>;

  /** Its state; null when the engine does not know it. */
  inspect(ref: WorkstationRef, signal?: AbortSignal): Promise<WorkstationState | null>;

  /**
   * Ids of the sessions of which this instance has anything at all: a workstation, a home, a mount.
   * What a crash has left of the driver's own affairs goes then.
   */
  owned(signal?: AbortSignal): Promise<string[]>;

  /**
   * What happens in the engine, from now on: `watching` once it listens, `ended` for a workstation
   * of this instance. Throws `engine_unreachable` when the engine goes away.
   */
  watch(signal: AbortSignal): AsyncIterable<EngineEvent>;

  stats(ref: WorkstationRef, signal?: AbortSignal): Promise<WorkstationStats>;

  /** What its programs wrote, as lines. */
  logs(
    ref: WorkstationRef,
    options: { tail: number; follow: boolean },
    signal?: AbortSignal,
  ): AsyncIterable<string>;

  /** An address on this host that speaks RFB or the runner's HTTP for this workstation. */
  dial(ref: WorkstationRef, channel: Channel, signal?: AbortSignal): Promise<Address>;

  /** Where a person reaches it with programs of their own. */
  endpoints(ref: WorkstationRef, signal?: AbortSignal): Promise<Endpoints>;

  /** Ends what the driver keeps open (listeners, streams); workstations go on. */
  close(): Promise<void>;
}

export type EngineEvent = { type: "watching" } | { type: "ended"; session: string };

export type Channel = "rfb" | "runner";

/** Parts that not every engine has; null: this one lacks it. `capabilities.ts` says so to callers. */
interface Capabilities {
  /** Images of its own, which are built and looked up here. */
  readonly images: ImageStore | null;
  /** Folders of this host as workspaces. */
  readonly workspaces: WorkspacePlanner | null;
  /** What homes hold; without it, no limit of homes is kept. */
  readonly homes: Homes | null;
}

/** Ports on loopback; what is missing cannot be reached. */
export interface Endpoints {
  vnc?: number;
  cdp?: number;
}

/** Decides whom a workstation runs as, and checks its workspace. */
export interface WorkspacePlanner {
  /** Throws `workspace_not_found` when there is no such folder. */
  plan(workspace: string | null): Promise<WorkspaceUse>;
}

export interface WorkspaceUse {
  /** Real path of the folder; null: none. */
  workspace: string | null;
  /** By what the folder is known again when the session starts another time. */
  workspaceIdentity: string | null;
  uid: number;
  gid: number;
}

export interface Homes {
  /** Bytes that home and own workspace of each of this instance's sessions hold. Takes a second. */
  sizes(signal?: AbortSignal): Promise<Map<string, number>>;

  /** Bytes used on the disk that homes are on, at once; null when it is not at hand. */
  diskUse(): Promise<number | null>;
}

export interface EngineInfo {
  name: string;
  version: string;
  apiVersion: string;
  /** Names of the container runtimes that it offers. */
  runtimes: string[];
}

/** Names a workstation to its driver; kept in the store. */
export interface WorkstationRef {
  session: string;
  /** The driver's own name for it. */
  handle: string;
}

export interface WorkstationSpec {
  session: string;
  name: string;
  /** Empty where the engine has no images of its own. */
  image: string;
  /** Real path of a folder on the host; null: an empty volume-backed workspace. */
  workspace: string | null;
  /** By what that folder is known; another one in its place is refused. */
  workspaceIdentity: string | null;
  uid: number;
  gid: number;
  profile: "hardened" | "dev";
  network: "full" | "none";
  /** Container runtime; null: the engine's default. */
  runtime: string | null;
  limits: { cpus: number; memoryBytes: number; pids: number };
}

export interface WorkstationState {
  session: string;
  ref: WorkstationRef;
  running: boolean;
  /** The engine has frozen its processes. */
  paused: boolean;
  exitCode: number | null;
  oomKilled: boolean;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface WorkstationStats {
  memoryBytes: number;
  cpuPercent: number;
  pids: number;
}

export interface ImageStore {
  /** Builds the image; the last event is `done`. */
  build(
    options: {
      target: "base" | "full";
      noCache: boolean;
      baseImage?: string | undefined;
      mirror?: string | undefined;
    },
    signal?: AbortSignal,
  ): AsyncIterable<BuildEvent>;
  list(signal?: AbortSignal): Promise<Image[]>;
  /** One image of ours by reference or id; null when there is none. */
  find(reference: string, signal?: AbortSignal): Promise<Image | null>;
  /** The image that a session would get: an explicit reference, else full, else base. Throws `image_missing`. */
  resolve(reference: string | undefined, signal?: AbortSignal): Promise<Image>;
  remove(reference: string, signal?: AbortSignal): Promise<string[]>;
}
