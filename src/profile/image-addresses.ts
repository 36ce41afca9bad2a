/**
 * The limit of a mapping at 0 whose addresses are relative to the beginning of the loaded binary.
 * Firefox and samply write such addresses, because a library has different addresses in each process.
 * They differ from the addresses in the file if the binary is linked for a fixed address. A mapping
 * at 0 with the limit 2^64-1 has addresses in the file, as in pprof.
 */
export const IMAGE_LIMIT = 2n ** 64n - 2n;
