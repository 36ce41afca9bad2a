/** Compresses bytes into a `.lzma` file. Higher levels are slower. */
export function compressLzma(content: Uint8Array, level?: 1 | 5 | 9): Uint8Array;
