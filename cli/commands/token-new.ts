import { type Command, callOperation } from "../context.ts";

/** Makes a token and prints it: the only time that it is shown. */
export const command: Command = async (context) => {
  const token = await callOperation(context, "token.new");
  await context.output.result(token, (it) => it.token);
  const ends = token.expiresAt === null ? "" : `, expires ${token.expiresAt}`;
  await context.output.note(`${token.name}: ${token.scope}${ends}; it will not be shown again`);
};
