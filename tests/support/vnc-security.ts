import { connect } from "node:net";

/**
 * The security types that an RFB server offers (RFC 6143, 7.1.2), and its verdict on a VncAuth
 * response that is wrong (7.1.3: 0 is "OK").
 */
export async function vncSecurity(port: number): Promise<{ types: number[]; verdict: number }> {
  const socket = connect({ host: "127.0.0.1", port });
  const bytes = socket[Symbol.asyncIterator]();
  let held: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  const read = async (count: number) => {
    while (held.length < count) {
      const { value, done } = await bytes.next();
      if (done) throw new Error("the VNC server closed the connection");
      held = Buffer.concat([held, value]);
    }
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  };
  try {
    socket.write(await read("RFB 003.008\n".length));
    const [count = 0] = await read(1);
    const types = [...(await read(count))];
    socket.write(Uint8Array.of(2));
    await read(16);
    socket.write(new Uint8Array(16));
    return { types, verdict: (await read(4)).readUInt32BE() };
  } finally {
    socket.destroy();
  }
}
