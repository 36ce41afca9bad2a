/** Integers in Go's syntax: in four bases, with optional `_` between digits. */
const NUMBER =
  /^(?:0x(?:_?[0-9a-f])+|0b(?:_?[01])+|0o(?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/i;

/** Parses a pattern as an address. Returns undefined if it is not a 64-bit number. */
export function parseAddress(text: string): bigint | undefined {
  if (!NUMBER.test(text)) return undefined;
  const digits = text.replaceAll("_", "");
  const isOldOctal = /^0[0-7]/.test(digits);
  const address = BigInt(isOldOctal ? `0o${digits.slice(1)}` : digits.toLowerCase());
  return address < 1n << 64n ? address : undefined;
}

/** Returns the position of the first entry at or after `address` in a list sorted by address. */
export function firstFrom(list: readonly { readonly address: bigint }[], address: bigint): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle].address < address) low = middle + 1;
    else high = middle;
  }
  return low;
}
