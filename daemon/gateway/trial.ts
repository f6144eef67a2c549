import { randomUUID } from "node:crypto";
import { NexoraError } from "../../src/contract/errors.ts";
import type { GatewayTest } from "../../src/contract/gateway-requests.ts";
import type { ProviderKey, Vault } from "../vault/keys.ts";
import { formatOf } from "./formats/index.ts";
import { objectOf, objectsOf, parseObject, textOf } from "./formats/json.ts";
import type { Caller } from "./limits/caller.ts";
import type { Catalogue } from "./providers/catalogue.ts";
import type { Model, Provider, Target } from "./providers/provider.ts";
import { inputOf } from "./receipt.ts";
import { type Answer, attempt } from "./upstream/attempt.ts";
import { type Candidate, candidatesOf } from "./upstream/candidates.ts";
import type { Exchange } from "./upstream/exchange.ts";
import { Failure } from "./upstream/failure.ts";

export interface TrialParts {
  catalogue: Pick<Catalogue, "provider" | "find" | "costOf">;
  vault: Pick<Vault, "usable" | "reveal" | "seen">;
}

/** How long a small call may take, in milliseconds. */
const trialMs = 30_000;
const patience = { replyMs: trialMs, silenceMs: trialMs };
/** Most of what a model says that is shown, in characters. */
const maxReply = 200;

/** One small call to a provider, to see whether it answers. */
export class Trial {
  constructor(private readonly parts: TrialParts) {}

  /** `target`: PROVIDER or PROVIDER/MODEL. Throws `not_found`, `action_failed`, `timeout`. */
  async ofTarget(target: string, signal: AbortSignal): Promise<GatewayTest> {
    const { catalogue, vault } = this.parts;
    const { provider, model } = this.find(target);
    const candidate = this.candidate(provider, model, vault.usable(provider.id));
    const begun = performance.now();
    const answer = await this.ask(candidate, signal);
    signal.throwIfAborted();
    if (answer instanceof Failure || answer.kind !== "whole") throw noAnswer(candidate, answer);
    const { usage, body } = answer;
    return {
      provider: provider.id,
      key: candidate.key?.name ?? null,
      model: model.id,
      ms: performance.now() - begun,
      reply: said(body),
      inputTokens: usage && inputOf(usage),
      outputTokens: usage?.output ?? null,
      costUsd: usage && catalogue.costOf(provider.id, model.id, usage),
    };
  }

  /** What a provider makes of a key, and in words. Throws `not_found`. */
  async ofKey(
    providerId: string,
    key: ProviderKey,
    signal = AbortSignal.timeout(trialMs),
  ): Promise<{ health: ProviderKey["health"]; message: string }> {
    const { provider, model } = this.find(providerId);
    const candidate = this.candidate(provider, model, [key]);
    const begun = performance.now();
    const answer = await this.ask(candidate, signal);
    const health = healthOf(answer);
    if (answer instanceof Failure || answer.kind !== "whole") {
      return { health, message: noAnswer(candidate, answer).message };
    }
    return {
      health,
      message: `${model.id} answered in ${Math.round(performance.now() - begun)} ms`,
    };
  }

  private find(target: string): Target {
    const { catalogue } = this.parts;
    const provider = catalogue.provider(target);
    if (provider) {
      const model = cheapest(provider);
      if (model) return { provider, model };
      const hint = `name one: \`nexora gateway test ${target}/MODEL\``;
      throw notFound(`no model of ${target} is known`, hint);
    }
    const [found] = target.includes("/") ? catalogue.find(target) : [];
    if (found) return found;
    const hint = "`nexora gateway providers` and `nexora gateway models` list what there is";
    throw notFound(`there is no provider or model ${JSON.stringify(target)}`, hint);
  }

  private candidate(provider: Provider, model: Model, keys: readonly ProviderKey[]): Candidate {
    const [candidate] = candidatesOf([{ provider, model }], "openai-chat", () => keys);
    if (candidate) return candidate;
    if (keys.length > 0 || provider.auth === null) {
      throw notFound(`${provider.id} speaks no format in which it could be asked`);
    }
    const hint = `set one with \`nexora keys set ${provider.id}\``;
    throw notFound(`there is no usable key for ${provider.id}`, hint);
  }

  private async ask(candidate: Candidate, signal: AbortSignal): Promise<Answer | Failure> {
    const { vault } = this.parts;
    const { key, model } = candidate;
    const secret = key && vault.reveal(key.id);
    const answer = await attempt(exchangeFor(model, signal), candidate, secret, patience);
    if (key && !signal.aborted) vault.seen(key.id, healthOf(answer));
    return answer;
  }
}

function noAnswer({ provider, key }: Candidate, answer: Answer | Failure): NexoraError {
  const isRefused = answer instanceof Failure && answer.kind === "refused";
  const why = "message" in answer ? answer.message : "it sent a stream";
  const withKey = key ? ` with the key ${key.name}` : "";
  return new NexoraError("action_failed", `${provider.id} did not answer${withKey}: ${why}`, {
    hint:
      isRefused && key ? `replace the key with \`nexora keys rotate ${provider.id}\`` : undefined,
  });
}

/** Of the models with a price, the cheapest that calls tools: those are for conversation. */
function cheapest({ models }: Provider): Model | null {
  const rank = ({ tools, price }: Model) =>
    (tools ? 0 : 1e6) + (price ? price.input + price.output : 1e5);
  return models.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

function exchangeFor({ id }: Model, signal: AbortSignal): Exchange {
  const messages = [{ role: "user", content: "Say OK." }];
  const body = { model: id, messages, max_completion_tokens: 16 };
  return {
    id: randomUUID(),
    caller: nobody,
    client: formatOf("openai-chat"),
    model: id,
    body,
    text: JSON.stringify(body),
    stream: false,
    suffix: () => "",
    counts: false,
    headers: new Headers(),
    signal,
    estimate: { input: 0, output: 0 },
  };
}

/** Whoever tries a provider is no caller of the gateway: no limits, and no usage is counted. */
const nobody: Caller = {
  id: "test",
  name: "test",
  kind: "token",
  session: null,
  limits: { rpm: null, tpm: null, budgetUsd: { day: null, month: null } },
  budgeted: false,
  may: () => true,
};

function healthOf(answer: Answer | Failure): ProviderKey["health"] {
  if (!(answer instanceof Failure)) return "good";
  if (answer.kind === "refused") return "refused";
  return answer.kind === "limited" ? "limited" : "unknown";
}

/** The text of a chat completion. */
function said(body: Uint8Array | string): string {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  const [choice] = objectsOf(parseObject(text)?.choices);
  return textOf(objectOf(choice?.message).content).slice(0, maxReply);
}

function notFound(why: string, hint?: string): NexoraError {
  return new NexoraError("not_found", why, { hint });
}
