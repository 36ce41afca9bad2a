import { defaultOptions } from "../../options/table.js";
import type { SourceNames } from "../../page/protocol.js";
import type { ProfileSummary } from "../../page/summary.js";
import type { Engine, GivenFile } from "../engine/engine.js";
import { askHow } from "./bring-dialog.js";
import { DroppedHost, type Opened, type PageHost } from "./hosts.js";
import { type Brought, type BroughtFile, KeptFiles, SERVED } from "./kept-files.js";

/** The profile that the page was opened with. */
export interface Served {
  readonly host: PageHost;
  readonly opened: Opened;
}

/** An open profile. */
export interface Open extends Served {
  readonly profile: ProfileSummary;
  /** The files that it comes from; undefined for the profile that the page was opened with. */
  readonly brought?: Brought;
}

interface BringerEvents {
  current(): Open;
  /** Another profile is open now; `message` is for the user. */
  onOpen(open: Open, message: string): void;
}

/** Opens files that the user brings, instead of the open profile or together with it. */
export class FileBringer {
  readonly #engine: Engine;
  readonly #served: Served;
  readonly #kept: KeptFiles;
  readonly #events: BringerEvents;

  constructor(engine: Engine, served: Served, events: BringerEvents) {
    this.#engine = engine;
    this.#served = served;
    this.#kept = keptFiles(served.opened);
    this.#events = events;
  }

  /** Asks what to do with files if there is a choice. Rejects with a one-line Error. */
  async bring(files: readonly File[]): Promise<void> {
    const oldestFirst = [...files].sort((a, b) => a.lastModified - b.lastModified);
    const brought = await Promise.all(
      oldestFirst.map(async (file) => ({
        name: file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    );
    const beside = brought.length === 1 ? this.#besides() : undefined;
    if (brought.length === 1 && beside === undefined)
      return this.#open({ how: "open", files: brought });
    const all = [...(beside === undefined ? [] : [beside]), ...brought];
    const given = all.map((file) => (file === beside ? this.#openFile() : this.#given(file)));
    const preview = (order: readonly number[]) =>
      this.#engine.preview(
        order.map((at) => given[at]),
        defaultOptions(),
      );
    const first = await preview(all.map((_, at) => at));
    askHow(
      given.map(({ name, bytes }) => ({ name, isOpen: bytes === "open profile" })),
      preview,
      first,
      ({ how, order }) => this.#open({ how, files: order.map((at) => all[at]) }),
    );
  }

  /** Swaps the base and the new profile of a comparison. */
  swap({ how, files }: Brought): Promise<void> {
    return this.#open({ how, files: files.toReversed() });
  }

  /** Opens the profile that the page was opened with again. */
  async goBack(): Promise<void> {
    const { host, opened } = this.#served;
    const { title } = opened.info;
    const profile = await this.#engine.open(inputOf(opened));
    this.#kept.forget();
    this.#events.onOpen({ host, opened, profile }, `Opened ${title} again.`);
  }

  async #open(brought: Brought): Promise<void> {
    const open = await openBrought(this.#engine, this.#served, brought, this.#besides());
    const isKept = await this.#kept.keep(brought);
    const { title } = open.opened.info;
    const reload = isKept ? "" : " The browser does not keep it: a reload closes it.";
    const message = `Opened ${title}. It stays on this computer.${reload}`;
    this.#events.onOpen(open, message);
  }

  /** Returns the open profile, unless it comes from several files. */
  #besides(): BroughtFile | typeof SERVED | undefined {
    const { brought, profile } = this.#events.current();
    if (profile.isComparison) return undefined;
    if (!brought) return SERVED;
    return brought.files.length === 1 ? brought.files[0] : undefined;
  }

  #openFile(): GivenFile {
    return { name: this.#events.current().opened.info.title, bytes: "open profile" };
  }

  #given(file: BroughtFile | typeof SERVED): GivenFile {
    return givenFile(file, this.#served.opened);
  }
}

/** Opens files again that survived a reload; undefined if there are none. */
export async function openKept(engine: () => Promise<Engine>, served: Served) {
  const brought = await keptFiles(served.opened).read();
  if (!brought) return undefined;
  const started = await engine();
  try {
    return { engine: started, open: await openBrought(started, served, brought) };
  } catch {
    // Show the profile that the page was opened with.
    return undefined;
  }
}

function keptFiles({ info: { title, sources } }: Opened): KeptFiles {
  return new KeptFiles(JSON.stringify([title, sources]));
}

/**
 * Opens files in the engine, which may have one of them open. Rejects with a one-line Error; then the
 * open profile stays open.
 */
async function openBrought(
  engine: Engine,
  served: Served,
  brought: Brought,
  openNow?: BroughtFile | typeof SERVED,
): Promise<Open> {
  const { how, files } = brought;
  const options = defaultOptions();
  const given = files.map((file): GivenFile => {
    const { name, bytes } = givenFile(file, served.opened);
    return { name, bytes: file === openNow ? "open profile" : bytes };
  });
  const [first] = files;
  if (how === "open" && first !== SERVED) {
    const profile = await engine
      .open({ bytes: first.bytes, options })
      .catch((error: Error) => Promise.reject(new Error(`${first.name}: ${error.message}`)));
    return openOf(served, brought, [first.name], profile);
  }
  const profile = await engine.openTogether({
    how: how === "merge" ? how : "compare",
    files: given,
    options,
  });
  return openOf(
    served,
    brought,
    given.map(({ name }) => name),
    profile,
  );
}

function openOf(
  { host, opened }: Served,
  brought: Brought,
  names: readonly string[],
  profile: ProfileSummary,
): Open {
  const isComparison = brought.how === "compare";
  const [base, changed] = names;
  const title = isComparison ? `${changed} since ${base}` : names.join(", ");
  const sources: SourceNames = {
    files: isComparison ? [changed] : names,
    base: "",
    diff_base: isComparison ? base : "",
    normalize: false,
  };
  const info = {
    ...opened.info,
    ...{ title, sources, options: defaultOptions(), isPrepared: false, warnings: [] },
  };
  const [file] = brought.files;
  const single = brought.how === "open" && file !== SERVED ? file.bytes : undefined;
  const shown: Opened = { info, bytes: single ?? new Uint8Array(), sources: {} };
  const blob = single && new Blob([single]);
  return { host: new DroppedHost(host, shown, blob), opened: shown, profile, brought };
}

function givenFile(file: BroughtFile | typeof SERVED, { info, bytes }: Opened): GivenFile {
  return file === SERVED ? { name: info.title, bytes } : file;
}

/** Returns the input with which an engine opens the profile of a page. */
export function inputOf({ bytes, sources, info }: Opened) {
  const { options, isPrepared, isPprofs, ownPackages } = info;
  return { bytes, sources, options, isPrepared, isPprofs, ownPackages };
}
