import type { Price, Rates } from "./provider.ts";

/** Tokens by how they are billed: `input` is without the cached ones. null: the provider did not say. */
interface Tokens {
  input: number | null;
  cachedInput: number;
  cacheWrite: number;
  output: number | null;
}

/** US dollars that those tokens cost; null when the price or their number is not known. */
export function costOf(price: Price | null, tokens: Tokens): number | null {
  const { input, output, cachedInput, cacheWrite } = tokens;
  if (price === null || input === null || output === null) return null;
  const rates = ratesFor(price, input + cachedInput + cacheWrite);
  const millionths =
    input * rates.input +
    cachedInput * (rates.cachedInput ?? rates.input) +
    cacheWrite * (rates.cacheWrite ?? rates.input) +
    output * rates.output;
  return millionths / 1e6;
}

/** The rates of a request with so many input tokens. */
function ratesFor(price: Price, inputTokens: number): Rates {
  let rates: Rates & { above: number } = { ...price, above: -1 };
  for (const tier of price.tiers) {
    if (inputTokens > tier.above && tier.above > rates.above) rates = tier;
  }
  return rates;
}
