import { NexoraError } from "../../src/contract/errors.ts";
import type { GatewayTest } from "../../src/contract/gateway-requests.ts";
import type { ProviderKey, Vault } from "../vault/keys.ts";
import type { Catalogue } from "./providers/catalogue.ts";
import type { Model, Provider, Target } from "./providers/provider.ts";
import { type QuestionFormat, question, questionFormats, replyText } from "./question.ts";
import { inputOf } from "./receipt.ts";
import { type Answer, attempt } from "./upstream/attempt.ts";
import { type Candidate, candidatesOf } from "./upstream/candidates.ts";
import { Failure } from "./upstream/failure.ts";

export interface TrialParts {
  catalogue: Pick<Catalogue, "provider" | "find" | "costOf">;
  vault: Pick<Vault, "usable" | "reveal" | "seen">;
}

/** How long a small call may take, in milliseconds. */
const trialMs = 30_000;
const patience = { replyMs: trialMs, silenceMs: trialMs };

/** Who is asked, and in which of the client's formats. */
interface Asked extends Candidate {
  client: QuestionFormat;
}

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
      reply: replyText(candidate.client, body),
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

  private candidate(provider: Provider, model: Model, keys: readonly ProviderKey[]): Asked {
    for (const client of questionFormats) {
      const [candidate] = candidatesOf([{ provider, model }], client, () => keys);
      if (candidate) return { ...candidate, client };
    }
    if (keys.length > 0 || provider.auth === null) {
      throw notFound(`${provider.id} speaks no format in which it could be asked`);
    }
    const hint = `set one with \`nexora keys set ${provider.id}\``;
    throw notFound(`there is no usable key for ${provider.id}`, hint);
  }

  private async ask(candidate: Asked, signal: AbortSignal): Promise<Answer | Failure> {
    const { vault } = this.parts;
    const { key, model } = candidate;
    const secret = key && vault.reveal(key.id);
    const answer = await attempt(
      question(candidate.client, model.id, signal),
      candidate,
      secret,
      patience,
    );
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

function healthOf(answer: Answer | Failure): ProviderKey["health"] {
  if (!(answer instanceof Failure)) return "good";
  if (answer.kind === "refused") return "refused";
  return answer.kind === "limited" ? "limited" : "unknown";
}

function notFound(why: string, hint?: string): NexoraError {
  return new NexoraError("not_found", why, { hint });
}
