/**
 * A function that computes something once for each object it is asked about, and keeps it as
 * long as there is that object. For what follows from immutable data alone.
 */
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

/** The values that were used last, by text. */
export class RecentlyUsed<Value> {
  readonly #values = new Map<string, Value>();

  constructor(readonly limit: number) {}

  /** The value for `key`, if it is still there. */
  known(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** The value for `key`, made where it is not there. */
  get(key: string, make: () => Value): Value {
    const value = this.#values.has(key) ? (this.#values.get(key) as Value) : make();
    // The one that was used last goes behind all others.
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
