import type { XConnection } from "./connection.ts";
import { opcodeOf } from "./requests.ts";

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
    return new ClientProcesses(x, await opcodeOf(x, "X-Resource"));
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
