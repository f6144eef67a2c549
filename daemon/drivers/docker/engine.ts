import type Docker from "dockerode";
import type { Confinement } from "./security.ts";

/** What the driver's parts work with. */
export interface Engine extends Confinement {
  docker: Docker;
  /** Id of this daemon's home; goes into the labels. */
  instance: string;
  workspaces: WorkspaceMounts;
}

/** Makes a workspace usable for the workstation's user (daemon/workspaces). */
interface WorkspaceMounts {
  /** The folder to bind: the workspace itself, or an id-mapped view of it. Idempotent. */
  prepare(request: {
    session: string;
    workspace: string;
    uid: number;
    gid: number;
  }): Promise<string>;
  /** Takes the view back, if there is one. */
  release(session: string): Promise<void>;
  /** The sessions that have a view. */
  views(): Promise<string[]>;
}
