/**
 * Runs before every test file. Tests must not meet the user's own daemon or proxy.
 */
for (const name of [
  "NEXORA_HOME",
  "NEXORA_SESSION",
  "NEXORA_HOST",
  "NEXORA_TOKEN_FILE",
  "NEXORA_DATABASE_URL",
  "DATABASE_URL",
]) {
  delete process.env[name];
}
// Nor ask anybody in the world for prices, also where they have stored a key.
process.env.NEXORA_MODELS_URL = "";
