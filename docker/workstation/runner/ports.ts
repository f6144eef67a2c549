import { readFileSync } from "node:fs";

/** States of a socket (Linux, include/net/tcp_states.h). */
const [established, listening] = ["01", "0A"];

export interface Listener {
  port: number;
  address: string;
}

/** The TCP sockets of this network namespace that listen, by /proc/net (proc_net(5)). */
export function listeners(): Listener[] {
  return listenersIn(tables());
}

/** How many connections there are to a TCP port. */
export function connectionsTo(port: number): number {
  return socketsIn(tables(), established).filter((each) => each.port === port).length;
}

/** Those in these tables that listen. */
export function listenersIn(text: string): Listener[] {
  return socketsIn(text, listening);
}

function socketsIn(text: string, wanted: string): Listener[] {
  return text.split("\n").flatMap((row) => {
    const [, local = "", , state] = row.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    if (state !== wanted) return [];
    return [{ port: Number.parseInt(port, 16), address: addressOf(address) }];
  });
}

/** An address from the kernel's notation: words of four bytes, the lowest byte first. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
  const groups = bytes.flatMap((byte, at) => (at % 2 === 0 ? [`${byte}${bytes[at + 1]}`] : []));
  return new URL(`http://[${groups.join(":").toLowerCase()}]`).hostname.slice(1, -1);
}

function tables(): string {
  return ["/proc/net/tcp", "/proc/net/tcp6"].map(textOf).join("\n");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // A kernel without IPv6.
    return "";
  }
}
