import { expect, test } from "bun:test";
import { Metrics } from "../../../../../daemon/gateway/usage/metrics.ts";
import { usageEntry } from "../../../../support/usage-entries.ts";

const made = () => new Metrics({ inProgress: () => 3 });

/** Values of the text format by what stands before them. */
async function read(metrics: Metrics): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at).replace(/^nexora_gateway_/, ""), Number(line.slice(at + 1))];
    }),
  );
}

test("count requests, tokens in one type each, cost and times", async () => {
  const metrics = made();
  metrics.record(usageEntry());
  metrics.record(usageEntry({ costUsd: null, usage: null, status: 502, firstMs: null }));
  metrics.refused("rate_limited");
  const found = await read(metrics);
  const at = 'provider="anthropic",model="claude-sonnet-5"';
  expect(Object.fromEntries(found)).toMatchObject({
    [`requests_total{${at},status="200"}`]: 1,
    [`requests_total{${at},status="502"}`]: 1,
    [`attempts_total{${at}}`]: 4,
    [`tokens_total{${at},type="input"}`]: 100,
    [`tokens_total{${at},type="cached_input"}`]: 1000,
    [`tokens_total{${at},type="cache_write"}`]: 10,
    [`tokens_total{${at},type="output"}`]: 20,
    [`cost_usd_total{${at}}`]: 0.5,
    'request_duration_seconds_bucket{le="1",provider="anthropic"}': 0,
    'request_duration_seconds_bucket{le="2.5",provider="anthropic"}': 2,
    'time_to_first_output_seconds_count{provider="anthropic"}': 1,
    'refused_total{reason="rate_limited"}': 1,
    requests_in_progress: 3,
  });
  expect(metrics.contentType).toStartWith("text/plain; version=0.0.4");
});

test("name a caller's inventions `other` in the end", async () => {
  const metrics = made();
  for (let n = 0; n < 2000; n++) metrics.record(usageEntry({ model: `made-up-${n}` }));
  metrics.record(usageEntry({ model: `"\n${"x".repeat(1000)}` }));
  const found = await read(metrics);
  const models = [...found.keys()].filter((key) => key.startsWith("cost_usd_total"));
  expect(models.length).toBe(501);
  expect(found.get('cost_usd_total{provider="anthropic",model="other"}')).toBe(1501 * 0.5);
});

test("of two gateways are apart", async () => {
  const [one, two] = [made(), made()];
  one.refused("unauthorized");
  expect((await read(two)).has('refused_total{reason="unauthorized"}')).toBe(false);
});
