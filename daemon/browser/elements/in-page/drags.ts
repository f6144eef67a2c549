/** Sees whether the pointer has begun a drag of the page's data (HTML §6.11), which the page may refuse. */
export class Drags {
  private state: "none" | "watching" | "began" = "none";
  private off: () => void = () => {};

  watch(): void {
    this.off();
    this.state = "watching";
    const end = (event: Event) => {
      // Whoever refuses it does so in listeners that come after this one.
      setTimeout(() => {
        if (!event.defaultPrevented) this.state = "began";
      });
    };
    addEventListener("dragstart", end, { capture: true, once: true });
    this.off = () => removeEventListener("dragstart", end, { capture: true });
  }

  /** Also ends the watching. */
  began(): boolean {
    this.off();
    return this.state === "began";
  }
}
