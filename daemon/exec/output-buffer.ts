/** Collects a command's output up to a limit, in bytes. */
export class OutputBuffer {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;
  truncated = false;

  constructor(private readonly limit: number) {}

  add(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.limit - this.length);
    if (kept.length < bytes.length) this.truncated = true;
    if (kept.length === 0) return;
    this.length += kept.length;
    this.chunks.push(kept.slice());
  }

  /** As text where the bytes are UTF-8, else as base64. */
  text(): { text: string; encoding: "utf8" | "base64" } {
    const bytes = Buffer.concat(this.chunks);
    try {
      return {
        text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
        encoding: "utf8",
      };
    } catch {
      return { text: bytes.toString("base64"), encoding: "base64" };
    }
  }
}
