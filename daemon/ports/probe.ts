import { createServer } from "node:net";

/** Addresses that a listener of somebody else's would collide with ours on. */
const addresses = ["127.0.0.1", "0.0.0.0"] as const;

/** Whether a TCP port can be bound on 127.0.0.1 and on all addresses, tried by binding it. */
export async function isFree(port: number): Promise<boolean> {
  for (const address of addresses) {
    if (!(await canBind(address, port))) return false;
  }
  return true;
}

function canBind(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
