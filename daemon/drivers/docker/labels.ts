import type { WorkstationRef, WorkstationSpec } from "../driver.ts";
import type { PortPair } from "./engine.ts";

/** Labels of every object that the driver makes; reaping goes by them and by nothing else. */
export const label = {
  instance: "nexora.instance",
  session: "nexora.session",
  vnc: "nexora.port.vnc",
  cdp: "nexora.port.cdp",
  network: "nexora.network",
  profile: "nexora.profile",
  workspace: "nexora.workspace",
  workspaceIdentity: "nexora.workspace.identity",
} as const;

type Labels = Readonly<Record<string, string>>;

/** The labels of a session's container: what a restarted daemon must know of it. */
export function containerLabels(
  instance: string,
  spec: WorkstationSpec,
  ports: PortPair,
): Record<string, string> {
  return {
    ...ownerLabels(instance, spec.session),
    [label.vnc]: String(ports.vnc),
    [label.cdp]: String(ports.cdp),
    [label.network]: spec.network,
    [label.profile]: spec.profile,
    ...(spec.workspace === null ? {} : { [label.workspace]: spec.workspace }),
    ...(spec.workspaceIdentity === null
      ? {}
      : { [label.workspaceIdentity]: spec.workspaceIdentity }),
  };
}

/** The two labels that say whose an object is. */
export function ownerLabels(instance: string, session: string): Record<string, string> {
  return { [label.instance]: instance, [label.session]: session };
}

/** Whose container it is; null when it is not one of `instance`'s. */
export function refFromLabels(instance: string, labels: Labels): WorkstationRef | null {
  const session = labels[label.session];
  if (labels[label.instance] !== instance || session === undefined) return null;
  return refOf(instance, session);
}

/** A session's container goes by its name: its id changes when other ports have to be tried. */
export function refOf(instance: string, session: string): WorkstationRef {
  return { session, handle: objectName(instance, session) };
}

/** How a container is reached. */
export interface Reach {
  network: WorkstationSpec["network"];
  ports: PortPair;
}

/** Reads it off a container's labels. */
export function reachFromLabels(labels: Labels): Reach {
  return {
    network: labels[label.network] === "none" ? "none" : "full",
    ports: { vnc: Number(labels[label.vnc]), cdp: Number(labels[label.cdp]) },
  };
}

/** Filter of the engine's list calls for what `instance` (and `session`) owns. */
export function ownedBy(instance: string, session?: string): { label: string[] } {
  const own = [`${label.instance}=${instance}`];
  return { label: session === undefined ? own : [...own, `${label.session}=${session}`] };
}

/** Name of a session's container, and the prefix of its volumes. */
export function objectName(instance: string, session: string): string {
  const part = (text: string) => text.replaceAll(/[^a-zA-Z0-9_.-]/g, "-");
  return `nexora-${part(instance).slice(0, 8)}-${part(session)}`;
}
