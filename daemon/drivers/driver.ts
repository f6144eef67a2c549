import type { BuildEvent, Image } from "../../src/contract/image.ts";
import type { RunnerBoot } from "../../src/runner/protocol.ts";

/**
 * What runs workstations. Docker is the first; Kubernetes and remote nodes come later, so the
 * interface speaks of workstations and streams, not of containers.
 */
export interface Driver {
  readonly kind: string;

  /** Facts of the engine. Throws `engine_unreachable` or `engine_too_old`, naming the next step. */
  check(signal?: AbortSignal): Promise<EngineInfo>;

  /** The image that a session would get: an explicit reference, else full, else base. Throws `image_missing`. */
  resolveImage(reference: string | undefined, signal?: AbortSignal): Promise<Image>;

  /** Throws `usage` for a container runtime that the engine does not offer, naming those it does. */
  checkRuntime(runtime: string | null, signal?: AbortSignal): Promise<void>;

  /** Makes, but does not start, a workstation. Leaves nothing behind when it throws. */
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

  /** All of this instance's, by label; never anybody else's. */
  list(signal?: AbortSignal): Promise<WorkstationState[]>;

  /** Ids of the sessions of which this instance has anything at all: a container, a volume, a mount. */
  owned(signal?: AbortSignal): Promise<string[]>;

  /**
   * What happens in the engine, from now on: `watching` once it listens, `ended` for a workstation
   * of this instance. Throws `engine_unreachable` when the engine goes away.
   */
  watch(signal: AbortSignal): AsyncIterable<EngineEvent>;

  /** Bytes that home and own workspace of each of this instance's sessions hold. Takes a second. */
  homes(signal?: AbortSignal): Promise<Map<string, number>>;

  /** Bytes used on the disk that homes are on, at once; null when it is not at hand. */
  diskUse(): Promise<number | null>;

  stats(ref: WorkstationRef, signal?: AbortSignal): Promise<WorkstationStats>;

  /** What its programs wrote, as lines. */
  logs(
    ref: WorkstationRef,
    options: { tail: number; follow: boolean },
    signal?: AbortSignal,
  ): AsyncIterable<string>;

  /** A loopback address that speaks RFB or the runner's HTTP for this workstation. */
  dial(ref: WorkstationRef, channel: Channel, signal?: AbortSignal): Promise<Address>;

  images: ImageStore;

  /** Ends what the driver keeps open (listeners, streams); workstations go on. */
  close(): Promise<void>;
}

export type EngineEvent = { type: "watching" } | { type: "ended"; session: string };

export type Channel = "rfb" | "runner";

export interface Address {
  hostname: string;
  port: number;
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
  /** The engine's own id. */
  handle: string;
  ports: { vnc: number; cdp: number };
}

export interface WorkstationSpec {
  session: string;
  name: string;
  image: string;
  /** Real path of a folder on the host; null: an empty volume-backed workspace. */
  workspace: string | null;
  ports: { vnc: number; cdp: number };
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
  remove(reference: string, signal?: AbortSignal): Promise<string[]>;
}
