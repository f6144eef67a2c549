import { z } from "zod";

type Json = Record<string, unknown>;

/** JSON Schema 2020-12 of a schema, for readers of other doors than the command line. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const json = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ jsonSchema: part }) => {
      // The command line's words are no business of theirs.
      delete (part as Json).cli;
      simplify(part as Json);
    },
  }) as Json;
  delete json.$schema;
  return json;
}

/** A tuple of like values is a list of so many: not every reader of documents knows `prefixItems`. */
function simplify(part: Json): void {
  const { prefixItems, items } = part;
  if (!Array.isArray(prefixItems) || items) return;
  const [first, ...others] = prefixItems.map((each) => JSON.stringify(each));
  if (others.some((each) => each !== first)) return;
  part.items = prefixItems[0];
  part.minItems = part.maxItems = prefixItems.length;
  delete part.prefixItems;
}
