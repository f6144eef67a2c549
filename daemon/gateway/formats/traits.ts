/**
 * What requests must know of a model and no catalogue tells: told by its name, without the vendor
 * in front of it (`openai/gpt-5`). A name that nobody knows gets what all take.
 */
const bare = (model: string) => model.slice(model.lastIndexOf("/") + 1).toLowerCase();

/** OpenAI's reasoning models: `max_completion_tokens` in place of `max_tokens`, no sampling. */
export function isOpenaiReasoning(model: string): boolean {
  return /^(o\d|gpt-[5-9](?!\d))(?!.*-chat)/.test(bare(model));
}

/** Whether Chat Completions takes `reasoning_effort` for it; others refuse the field. */
export function takesEffort(model: string): boolean {
  return isOpenaiReasoning(model) || /^(gpt-oss|gemini-(2\.5|[3-9]))/.test(bare(model));
}

/** Claude before 4.6 thinks within a budget of tokens; later ones decide, and take an effort. */
export function thinksAdaptively(model: string): boolean {
  const name = bare(model);
  const older = /^claude-([123]\b|(opus|sonnet|haiku)-4(?![-.][6-9]))/;
  return name.startsWith("claude-") && !older.test(name);
}

/** Claude after 4.6 refuses temperatures and the like. */
export function takesSampling(model: string): boolean {
  return !thinksAdaptively(model) || /-4[-.]6\b/.test(bare(model));
}
