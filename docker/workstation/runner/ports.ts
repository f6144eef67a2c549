import { readFileSync } from "node:fs";

/** State of a socket that listens (Linux, include/net/tcp_states.h). */
const listening = "0A";

export interface Listener {
  port: number;
  address: string;
}

/** The TCP sockets of this network namespace that listen, by /proc/net (proc_net(5)). */
export function listeners(): Listener[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => listenersIn(textOf(file)));
}

/** Those in one of these tables. */
export function listenersIn(table: string): Listener[] {
  const [, ...rows] = table.split("\n");
  return rows.flatMap((row) => {
    const [, local = "", , state] = row.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    if (state !== listening) return [];
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

function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // A kernel without IPv6.
    return "";
  }
}
