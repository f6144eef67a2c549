const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** Bytes in the largest binary unit that they are a whole number of: `128 MiB`, `1000 bytes`. */
export function exactBytes(bytes: number): string {
  let value = bytes;
  let power = 0;
  while (value !== 0 && value % 1024 === 0 && power < units.length - 1) {
    value /= 1024;
    power++;
  }
  return `${value} ${units[power]}`;
}
