import type { SdkOperation } from "./operations.ts";

/** The operations by the words of their ids: `chrome.cookies` is one, and has others below it. */
export interface Branch {
  /** The word; empty at the root. */
  word: string;
  /** Its words from the root. */
  words: readonly string[];
  operation: SdkOperation | null;
  branches: readonly Branch[];
}

/** Throws when two operations would have the same place. */
export function treeOf(operations: readonly SdkOperation[]): Branch {
  return branchOf([], operations);
}

function branchOf(words: readonly string[], operations: readonly SdkOperation[]): Branch {
  const here = operations.filter(({ id }) => id === words.join("."));
  const below = operations.filter((each) => !here.includes(each));
  const groups = Map.groupBy(below, ({ id }) => id.split(".")[words.length] ?? "");
  const operation = here[0] ?? null;
  for (const word of waysOf(operation)) {
    if (groups.has(word)) throw new Error(`${words.join(".")}.${word} is the SDKs' own word`);
  }
  return {
    word: words.at(-1) ?? "",
    words,
    operation,
    branches: [...groups].map(([word, its]) => branchOf([...words, word], its)),
  };
}

/** What an operation can be asked for besides its reply, by a method of its method's. */
export function waysOf(operation: SdkOperation | null): ("stream" | "picture")[] {
  if (!operation) return [];
  const { replies, gives, picture } = operation;
  return [
    ...(replies && gives ? (["stream"] as const) : []),
    ...(picture ? (["picture"] as const) : []),
  ];
}
