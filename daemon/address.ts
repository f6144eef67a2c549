/** Where something listens: on TCP, or on a Unix socket. */
export type Address = { hostname: string; port: number } | { socket: string };

/** An address for people. */
export function addressText(address: Address): string {
  return "socket" in address ? address.socket : `${address.hostname}:${address.port}`;
}
