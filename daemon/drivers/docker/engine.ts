import type Docker from "dockerode";
import type { Faults } from "../../faults.ts";
import type { WorkspacePlanner } from "../driver.ts";
import type { Confinement } from "./security.ts";

/** What the driver's parts work with. */
export interface Engine extends Confinement {
  docker: Docker;
  /** Id of this daemon's home; goes into the labels. */
  instance: string;
  workspaces: WorkspacePlanner & WorkspaceMounts;
  ports: HostPorts;
  faults: Faults;
}

/** The two ports of this host at which a workstation is reached. */
export interface PortPair {
  vnc: number;
  cdp: number;
}

/** Hands out ports of this host (daemon/ports). */
export interface HostPorts {
  /** The session's ports: those that it holds, else free ones that are not in `avoid`. Throws `ports_exhausted`. */
  allocate(session: string, avoid?: readonly number[]): Promise<PortPair>;
  /** Frees the session's ports; having none is no error. */
  release(session: string): Promise<void>;
  /** Gives it back those that it uses, as far as nobody else holds them. */
  keep(session: string, ports: PortPair): Promise<void>;
  /** Who holds what, and on which engine (`Driver.identity`); null: nobody knows. */
  holders(): Promise<readonly { session: { id: string }; engine: string | null }[]>;
}

/** Makes a workspace usable for the workstation's user (daemon/workspaces). */
interface WorkspaceMounts {
  /**
   * The folder to bind: the workspace itself, or a view of it. Idempotent. Throws
   * `workspace_not_found` when another folder is in its place.
   */
  prepare(request: {
    session: string;
    workspace: string;
    identity: string | null;
    uid: number;
    gid: number;
  }): Promise<string>;
  /** Takes the view back, if there is one. */
  release(session: string): Promise<void>;
  /** The sessions that have a view. */
  views(): Promise<string[]>;
}
