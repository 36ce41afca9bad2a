/** Returns `compute` with a cache per object. Its result must depend on immutable data alone. */
export function memoized<Key extends object, Value>(
  compute: (key: Key) => Value,
): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    let entry = known.get(key);
    if (!entry) {
      entry = { value: compute(key) };
      known.set(key, entry);
    }
    return entry.value;
  };
}

export class RecentlyUsed<Value> {
  readonly #values = new Map<string, Value>();

  constructor(readonly limit: number) {}

  known(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** Returns the cached value for `key`, or makes and caches it. */
  get(key: string, make: () => Value): Value {
    const value = this.#values.has(key) ? (this.#values.get(key) as Value) : make();
    // Map keeps insertion order: the last entry is the most recently used.
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.limit) {
      for (const oldest of this.#values.keys()) {
        this.#values.delete(oldest);
        break;
      }
    }
    return value;
  }
}
