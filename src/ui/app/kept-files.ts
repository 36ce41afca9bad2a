/** A file that the user brought. */
export interface BroughtFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Files that the page shows instead of the profile that it was opened with. */
export interface Brought {
  /** `compare` subtracts the first file from the second; `open` has one file. */
  readonly how: "open" | "merge" | "compare";
  readonly files: readonly (BroughtFile | typeof SERVED)[];
}

/** The profile that the page was opened with. */
export const SERVED = "served profile";

/** An entry of the database. */
interface Kept extends Brought {
  /** The page and its profile, so that another profile at the same address does not get it. */
  readonly place: string;
  readonly size: number;
}

const DATABASE = "tsprof";
const STORE = "brought";
/** Older files are deleted beyond these limits. */
const MAX_KEPT = 5;
const MAX_KEPT_BYTES = 256 * 1024 * 1024;

/**
 * Keeps the files of this tab in the browser's database, so that they survive a reload. The tab
 * knows its entry by a number in its session storage.
 */
export class KeptFiles {
  readonly #place: string;
  readonly #key: string;

  /** `profile` identifies the profile that the page was opened with. */
  constructor(profile: string) {
    const folder = location.pathname.replace(/[^/]*$/, "");
    const page = location.protocol === "file:" ? location.pathname : folder;
    this.#place = `${page} ${profile}`;
    this.#key = `tsprof-brought ${page}`;
  }

  /** Returns the files of this tab; undefined if it has none or the browser has lost them. */
  async read(): Promise<Brought | undefined> {
    try {
      const id = sessionStorage.getItem(this.#key);
      if (id === null) return undefined;
      const kept = await withStore("readonly", (store) => store.get(Number(id)));
      const found = kept as Kept | undefined;
      return found?.place === this.#place ? found : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps files. Returns false if the browser does not allow that, or they are too large. */
  async keep({ how, files }: Brought): Promise<boolean> {
    this.forget();
    const size = files.reduce((sum, file) => sum + (file === SERVED ? 0 : file.bytes.length), 0);
    if (size > MAX_KEPT_BYTES) return false;
    try {
      const kept: Kept = { how, files, place: this.#place, size };
      const id = await withStore("readwrite", (store) => store.add(kept));
      sessionStorage.setItem(this.#key, String(id));
      await deleteOld();
      return true;
    } catch {
      return false;
    }
  }

  /** Makes the next reload show the profile that the page was opened with. */
  forget(): void {
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // Then nothing was kept either.
    }
  }
}

/** Deletes the oldest entries beyond the limits. */
async function deleteOld(): Promise<void> {
  const keys = await withStore("readonly", (store) => store.getAllKeys());
  let bytes = 0;
  const newestFirst = keys.toReversed();
  for (const [position, key] of newestFirst.entries()) {
    const kept = (await withStore("readonly", (store) => store.get(key))) as Kept | undefined;
    bytes += kept?.size ?? 0;
    if (position >= MAX_KEPT || bytes > MAX_KEPT_BYTES) {
      await withStore("readwrite", (store) => store.delete(key));
    }
  }
}

/** Makes one request to the database. Rejects if the browser does not allow it. */
async function withStore<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { autoIncrement: true });
  const database = await resultOf(opening);
  try {
    return await resultOf(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
