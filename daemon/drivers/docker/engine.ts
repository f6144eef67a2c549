import type Docker from "dockerode";

/** What the driver's parts work with. */
export interface Engine {
  docker: Docker;
  /** Id of this daemon's home; goes into the labels. */
  instance: string;
  workspaces: WorkspaceMounts;
  /** The seccomp profile, as JSON. */
  seccomp: string;
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
}
