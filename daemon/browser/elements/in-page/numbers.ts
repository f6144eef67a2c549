/** Elements by number: the same one has the same number as long as its document is there. */
export class Numbers {
  private readonly numbers = new WeakMap<Element, number>();
  private readonly elements = new Map<number, WeakRef<Element>>();
  private readonly gone = new FinalizationRegistry<number>((n) => this.elements.delete(n));
  private last = 0;

  of(element: Element): number {
    const known = this.numbers.get(element);
    if (known !== undefined) return known;
    const n = ++this.last;
    this.numbers.set(element, n);
    this.elements.set(n, new WeakRef(element));
    this.gone.register(element, n);
    return n;
  }

  /** Null when it is no longer in the document. */
  element(n: number): Element | null {
    const element = this.elements.get(n)?.deref();
    return element?.isConnected ? element : null;
  }
}
