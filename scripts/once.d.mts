/** Returns the result of the first call with this key in this process. */
export function once<T>(key: string, make: () => T): T;
