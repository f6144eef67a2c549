import { pad4, type XConnection } from "./connection.ts";

const extension = "X-Resource";
/** Minor opcode of XResQueryClientIds, and its mask for local process ids. */
const queryClientIds = 4;
const localClientPid = 1 << 1;

/**
 * Which processes the X server's clients are: the kernel has told it when they connected (X-Resource 1.2,
 * "QueryClientIds"), unlike `_NET_WM_PID`, which a program may leave out or make up.
 */
export class ClientProcesses {
  private constructor(
    private readonly x: XConnection,
    /** 0: the server lacks the extension. */
    private readonly opcode: number,
  ) {}

  static async open(x: XConnection): Promise<ClientProcesses> {
    const request = Buffer.alloc(8 + pad4(extension.length));
    request.writeUInt8(98, 0);
    request.writeUInt16LE(request.length / 4, 2);
    request.writeUInt16LE(extension.length, 4);
    request.write(extension, 8, "latin1");
    const reply = await x.ask(request);
    const present = reply?.readUInt8(8) === 1;
    return new ClientProcesses(x, present ? reply.readUInt8(9) : 0);
  }

  /** Id of the process that has made a window; null when that is not known. */
  async processOf(window: number): Promise<number | null> {
    if (this.opcode === 0) return null;
    const request = Buffer.alloc(16);
    request.writeUInt8(this.opcode, 0);
    request.writeUInt8(queryClientIds, 1);
    request.writeUInt16LE(4, 2);
    request.writeUInt32LE(1, 4);
    request.writeUInt32LE(window, 8);
    request.writeUInt32LE(localClientPid, 12);
    const reply = await this.x.ask(request);
    // One answer: whose (8 bytes), how many bytes follow, and the process id.
    const isThere = reply && reply.length >= 48 && reply.readUInt32LE(8) > 0;
    return isThere ? reply.readUInt32LE(44) : null;
  }
}
