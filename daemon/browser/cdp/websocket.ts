import { createHash, randomBytes } from "node:crypto";
import { NexoraError } from "../../../src/contract/errors.ts";

/** RFC 6455, 1.3: what the server's answer to the key is made with. */
const handshakeSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** RFC 6455, 5.2. */
const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** Longest head of the server's answer, in bytes. */
const maxHead = 16 * 1024;
/** Bytes that are kept of a message that is too long. */
const keptOfOverlong = 512;
/** Most pieces that a message comes in. */
const maxPieces = 100_000;
/** Pings that are answered between two frames of ours: nobody may read the answers. */
const maxPongs = 100;

export interface WebSocketUser {
  /** The server has agreed. */
  opened(): void;
  message(text: string): void;
  /** A message that is longer than is taken: how it begins, and how long it is, in bytes. */
  overlong(beginning: string, bytes: number): void;
  /** Bytes that are to be sent at once. */
  send(bytes: Uint8Array): void;
  /** The server closes the connection. */
  closed(reason: string): void;
}

/**
 * The client's side of a WebSocket (RFC 6455), without sockets: it is told what has come, and gives what
 * is to be sent. A message above `maxMessage` bytes is passed over, and the next one is read.
 * Not Bun's own client, see docs/decisions.md.
 */
export class WebSocketClient {
  private readonly key = randomBytes(16).toString("base64");
  private state: "handshake" | "open" | "closed" = "handshake";
  /** What has come and is no whole head yet. */
  private held: Buffer = Buffer.alloc(0);
  /** Bytes of the frame under way that have not come yet. */
  private left = 0;
  private frame: { opcode: number; final: boolean } | null = null;
  /** The message under way: its bytes as far as they are kept, and how many there were. */
  private message: { chunks: Uint8Array[]; bytes: number } | null = null;
  private control: Uint8Array[] = [];
  /** Since our last frame. */
  private pongs = 0;

  constructor(
    private readonly user: WebSocketUser,
    private readonly maxMessage: number,
  ) {}

  /** The request that opens it. `host` as the server believes it. */
  handshake(host: string, path: string): Uint8Array {
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${this.key}`,
      "Sec-WebSocket-Version: 13",
    ];
    return Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1");
  }

  /** A text as a frame, masked as a client's must be. */
  encode(text: string): Uint8Array {
    this.pongs = 0;
    return masked(opcode.text, Buffer.from(text));
  }

  /** Takes bytes of the server. Throws `engine_failed` when they break the protocol. */
  receive(chunk: Uint8Array): void {
    let rest: Uint8Array = chunk;
    if (this.held.length > 0) {
      rest = Buffer.concat([this.held, chunk]);
      this.held = Buffer.alloc(0);
    }
    while (rest.length > 0 && this.state !== "closed") {
      const taken = this.take(rest);
      if (taken === 0) {
        this.held = Buffer.from(rest);
        return;
      }
      rest = rest.subarray(taken);
    }
  }

  /** Takes a head or what there is of a payload; 0: the head is not whole yet. */
  private take(bytes: Uint8Array): number {
    if (this.state === "handshake") return this.takeAnswer(bytes);
    if (this.frame === null) return this.takeHead(bytes);
    const part = bytes.subarray(0, this.left);
    this.left -= part.length;
    this.keep(part);
    if (this.left === 0) this.endFrame(this.frame);
    return part.length;
  }

  private takeAnswer(bytes: Uint8Array): number {
    const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf("\r\n\r\n");
    if (end < 0) {
      if (bytes.length > maxHead) throw broken("its answer has no end");
      return 0;
    }
    const [status = "", ...lines] = Buffer.from(bytes.subarray(0, end))
      .toString("latin1")
      .split("\r\n");
    const accepted = lines.find((line) => /^sec-websocket-accept:/i.test(line));
    const expected = createHash("sha1")
      .update(this.key + handshakeSuffix)
      .digest("base64");
    if (!/^HTTP\/1\.1 101(\s|$)/.test(status)) throw broken("it takes no connection");
    if (accepted?.slice(accepted.indexOf(":") + 1).trim() !== expected) {
      throw broken("its answer is to another request");
    }
    this.state = "open";
    this.user.opened();
    return end + 4;
  }

  private takeHead(bytes: Uint8Array): number {
    const [first = 0, second = 0] = bytes;
    const short = second & 0x7f;
    const size = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (bytes.length < size) return 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, size);
    const length =
      short === 126 ? view.getUint16(2) : short === 127 ? Number(view.getBigUint64(2)) : short;
    const frame = { opcode: first & 0x0f, final: (first & 0x80) !== 0 };
    if ((first & 0x70) !== 0 || (second & 0x80) !== 0)
      throw broken("a frame has bits of no meaning");
    const isControl = frame.opcode >= opcode.close;
    if (isControl ? length > 125 || !frame.final : length > Number.MAX_SAFE_INTEGER) {
      throw broken("a frame is longer than such a frame may be");
    }
    if (!isControl) {
      const continues = frame.opcode === opcode.continuation;
      if (continues !== (this.message !== null)) throw broken("frames are out of order");
      this.message ??= { chunks: [], bytes: 0 };
    }
    this.frame = frame;
    this.left = length;
    if (length === 0) this.endFrame(frame);
    return size;
  }

  private keep(part: Uint8Array): void {
    if (this.frame && this.frame.opcode >= opcode.close) {
      this.control.push(part.slice());
      return;
    }
    const { message } = this;
    if (!message) return;
    message.bytes += part.length;
    if (message.bytes > this.maxMessage) {
      const beginning = Buffer.concat([...message.chunks, part.subarray(0, keptOfOverlong)]);
      message.chunks = [Buffer.from(beginning.subarray(0, keptOfOverlong))];
    } else {
      if (message.chunks.length >= maxPieces) throw broken("a message comes in too many pieces");
      // The chunk's buffer is the connection's, which may use it again.
      message.chunks.push(part.slice());
    }
  }

  private endFrame(frame: { opcode: number; final: boolean }): void {
    this.frame = null;
    if (frame.opcode >= opcode.close) {
      const payload = Buffer.concat(this.control);
      this.control = [];
      this.takeControl(frame.opcode, payload);
      return;
    }
    if (!frame.final || !this.message) return;
    const { chunks, bytes } = this.message;
    this.message = null;
    const text = (
      chunks.length === 1 && chunks[0] ? Buffer.from(chunks[0]) : Buffer.concat(chunks)
    ).toString();
    if (bytes > this.maxMessage) this.user.overlong(text, bytes);
    else this.user.message(text);
  }

  private takeControl(kind: number, payload: Buffer): void {
    if (kind === opcode.ping && this.pongs++ < maxPongs) {
      this.user.send(masked(opcode.pong, payload));
    }
    if (kind !== opcode.close) return;
    this.state = "closed";
    this.user.closed(payload.subarray(2).toString());
  }
}

/** One whole frame of a client (RFC 6455, 5.3). */
function masked(kind: number, payload: Buffer): Uint8Array {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extra + 4 + length);
  frame[0] = 0x80 | kind;
  frame[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) frame.writeUInt16BE(length, 2);
  if (extra === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  const mask = randomBytes(4);
  mask.copy(frame, 2 + extra);
  const at = 2 + extra + 4;
  for (let index = 0; index < length; index++) {
    frame[at + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return frame;
}

function broken(what: string): NexoraError {
  return new NexoraError("engine_failed", `the browser does not speak its protocol: ${what}`, {
    hint: "another program may have its port: see `nexora exec -- ss -ltnp`",
  });
}
