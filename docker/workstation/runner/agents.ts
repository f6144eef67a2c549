import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runDirectory } from "./account.ts";

/**
 * Tells `codex` where models are, which it takes from no variable of the environment. The image links
 * /etc/codex, its configuration for all users, to the folder; ~/.codex/config.toml goes before it.
 */
export function prepareAgents({ OPENAI_BASE_URL: base }: Record<string, string | undefined>): void {
  if (!base) return;
  const folder = join(runDirectory, "codex");
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const config = `model_provider = "nexora"

[model_providers.nexora]
name = "Nexora"
base_url = ${JSON.stringify(base)}
env_key = "OPENAI_API_KEY"
wire_api = "responses"
`;
  writeFileSync(join(folder, "config.toml"), config, { mode: 0o644 });
}
