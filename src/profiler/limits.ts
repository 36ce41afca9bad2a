/** The largest size of the tables of a profile of this process, in bytes. */
export const MAX_BYTES = 2 ** 30;
