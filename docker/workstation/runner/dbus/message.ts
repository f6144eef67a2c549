import { Reader, type Value } from "./reader.ts";

/** Types of messages, and codes of header fields (D-Bus Specification, Message Protocol). */
const methodCall = 1;
const methodReturn = 2;
const errorReply = 3;
const fields = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  reply: 5,
  destination: 6,
} as const;
const signatureField = 8;

/** A call of a method. */
export interface Call {
  destination: string;
  path: string;
  interface: string;
  member: string;
  /** Of the arguments: of `s`, `u` and `i` only. */
  signature?: string;
  arguments?: readonly (string | number)[];
}

/** What has come back. */
export interface Reply {
  /** Serial number of the call that it answers; 0: it answers none. */
  to: number;
  /** Name of the error; null: there is none. */
  error: string | null;
  values(): Value[];
}

/** A method call as bytes. */
export function encodeCall(call: Call, serial: number): Buffer {
  const body = new Writer();
  const { signature = "" } = call;
  for (const [at, type] of [...signature].entries()) {
    const value = call.arguments?.[at] ?? "";
    if (type === "s") body.text(String(value));
    else body.number(Number(value) >>> 0);
  }
  const header = new Writer();
  header.field(fields.path, "o", call.path);
  header.field(fields.interface, "s", call.interface);
  header.field(fields.member, "s", call.member);
  header.field(fields.destination, "s", call.destination);
  if (signature !== "") header.signature(signatureField, signature);
  const start = Buffer.alloc(16);
  start.write("l");
  start.writeUInt8(methodCall, 1);
  start.writeUInt8(1, 3);
  start.writeUInt32LE(body.length, 4);
  start.writeUInt32LE(serial, 8);
  start.writeUInt32LE(header.length, 12);
  header.align(8);
  return Buffer.concat([start, header.bytes(), body.bytes()]);
}

/** Bytes of the message that begins there; null when not even that has come yet. */
export function lengthOf(bytes: Buffer): number | null {
  if (bytes.length < 16) return null;
  const big = bytes.readUInt8(0) === 0x42;
  const [body, header] = [4, 12].map((at) =>
    big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at),
  );
  return 16 + Math.ceil((header ?? 0) / 8) * 8 + (body ?? 0);
}

/** A whole message; null for one that is no reply, or in another byte order than ours. */
export function decodeReply(bytes: Buffer): Reply | null {
  const type = bytes.readUInt8(1);
  if (bytes.readUInt8(0) !== 0x6c || (type !== methodReturn && type !== errorReply)) return null;
  const body = bytes.length - bytes.readUInt32LE(4);
  // Whole, so that what is aligned is aligned to the message.
  const [entries] = new Reader(bytes, 12).all("a(yv)");
  const found = new Map<Value, Value>();
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (Array.isArray(entry)) found.set(entry[0], entry[1]);
  }
  const [to, error, signature] = [fields.reply, fields.errorName, signatureField].map((code) =>
    found.get(code),
  );
  return {
    to: typeof to === "number" ? to : 0,
    error: type === errorReply ? String(error ?? "unknown") : null,
    values: () =>
      new Reader(bytes.subarray(body)).all(typeof signature === "string" ? signature : ""),
  };
}

/** Grows by aligned values. */
class Writer {
  private readonly parts: Buffer[] = [];
  length = 0;

  bytes(): Buffer {
    return Buffer.concat(this.parts, this.length);
  }

  align(to: number): void {
    this.push(Buffer.alloc(-this.length & (to - 1)));
  }

  number(value: number): void {
    this.align(4);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.push(bytes);
  }

  text(value: string): void {
    const bytes = Buffer.from(`${value}\0`);
    this.number(bytes.length - 1);
    this.push(bytes);
  }

  /** A header field that holds a text. */
  field(code: number, type: "s" | "o", value: string): void {
    this.align(8);
    this.push(Buffer.from([code, 1, type.charCodeAt(0), 0]));
    this.text(value);
  }

  signature(code: number, value: string): void {
    this.align(8);
    this.push(Buffer.from([code, 1, 0x67, 0, value.length, ...Buffer.from(`${value}\0`)]));
  }

  private push(bytes: Buffer): void {
    this.parts.push(bytes);
    this.length += bytes.length;
  }
}
