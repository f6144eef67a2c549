/** A text without control characters, which a terminal would obey; line feeds and tabs stay. */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "");
}
