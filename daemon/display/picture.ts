import type { ScreenOutput } from "../../src/contract/screen.ts";
import type { EncodedFrame } from "./encode.ts";

type Shape = NonNullable<ScreenOutput["image"]>;

/** A frame as it stands in a reply; made into text only where it travels as text. */
export class Picture implements Shape {
  readonly format: Shape["format"];
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
  /** The file itself. */
  readonly data: Uint8Array;

  constructor(frame: EncodedFrame) {
    this.format = frame.format;
    this.width = frame.width;
    this.height = frame.height;
    this.bytes = frame.bytes.length;
    this.scaleX = frame.scaleX;
    this.scaleY = frame.scaleY;
    this.offsetX = frame.offsetX;
    this.offsetY = frame.offsetY;
    this.data = frame.bytes;
  }

  get base64(): string {
    const { buffer, byteOffset, length } = this.data;
    return Buffer.from(buffer, byteOffset, length).toString("base64");
  }

  toJSON(): Shape {
    const { data: _, ...facts } = this;
    return { ...facts, base64: this.base64 };
  }
}
