import { connect } from "node:net";
import { within } from "../../../../src/abort.ts";
import { RfbClient } from "../../../../src/rfb/client.ts";
import { rfbPort } from "../../../../src/runner/protocol.ts";

/** How long all of it may take, in milliseconds. */
const limitMs = 5_000;
/** Takes pixels that nobody wants. */
const ignoring = { putRow() {}, copy() {}, endRectangle() {} };

/**
 * Lets all buttons go as a viewer does: what one holds is held by the server, whoever says that it is up.
 * Not by XTEST, whose pointer is another one and has nothing down.
 */
export async function releaseButtons(
  password: string,
  { x, y }: { x: number; y: number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(rfbPort, "127.0.0.1");
  let said = false;
  const client = new RfbClient(
    { password },
    {
      send: (bytes) => socket.write(bytes),
      resized: (width, height) => ({ width, height, ...ignoring }),
      fenced: () => {},
      updated: () => {
        if (said) return resolve();
        said = true;
        client.pointer(x, y, 0);
        // What answers this comes after the button.
        client.refresh({ x: 0, y: 0, width: 1, height: 1 });
      },
    },
  );
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("the display has closed the connection")));
  socket.on("data", (bytes: Buffer) => {
    try {
      client.push(Uint8Array.from(bytes));
    } catch (error) {
      reject(error);
    }
  });
  try {
    await within(promise, AbortSignal.timeout(limitMs));
  } finally {
    socket.destroy();
  }
}
