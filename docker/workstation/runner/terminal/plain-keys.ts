/** Bits of the modifiers in xterm's `CSI 27 ; modifiers + 1 ; code ~` (modifyOtherKeys). */
const alt = 2;
const control = 4;

/**
 * Keys as they are typed for a shell: a program before it may have had xterm tell them by their code
 * and modifiers.
 */
export function plainKeys(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0x1b)) return bytes;
  const text = Buffer.from(bytes).toString("latin1");
  const plain = text.replace(/\x1b\[27;(\d);(\d{1,3})~/g, (key, modifiers, code) => {
    if (Number(code) > 0x7f) return key;
    const bits = Number(modifiers) - 1;
    const character = String.fromCharCode(bits & control ? Number(code) & 0x1f : Number(code));
    return bits & alt ? `\x1b${character}` : character;
  });
  return Buffer.from(plain, "latin1");
}
