/**
 * Keeps names few: a caller can make up as many models as it likes. What comes after the first
 * `most` pairs of provider and model is counted as the model `other`.
 */
export class Names {
  private readonly known = new Set<string>();

  constructor(private readonly most: number) {}

  modelOf(provider: string, model: string): string {
    const pair = `${provider}/${model}`;
    if (this.known.has(pair)) return model;
    if (this.known.size >= this.most || pair.length > 300) return "other";
    this.known.add(pair);
    return model;
  }
}
