import { BinaryError } from "./binary-error.js";
import type { BinaryFile } from "./binary-file.js";

/** Reads the segments and the build id of ELF files (System V ABI, chapters 4 and 5; elf.h). */

export const ElfType = { relocatable: 1, executable: 2, shared: 3 } as const;

export const SegmentType = { load: 1, note: 4 } as const;

/** The flag of segments that may be executed. */
const EXECUTABLE = 1;

/** A program header: a part of the file as it is loaded. */
export interface Segment {
  readonly type: number;
  readonly isExecutable: boolean;
  readonly offset: bigint;
  readonly address: bigint;
  readonly fileSize: bigint;
  readonly memorySize: bigint;
  readonly align: bigint;
}

const SectionType = { symbols: 2, note: 7, noBits: 8 } as const;

interface Section {
  readonly nameOffset: number;
  readonly type: number;
  readonly address: bigint;
  readonly offset: bigint;
  readonly size: bigint;
  /** For a section of symbols, the index of the section with their names. */
  readonly link: number;
  readonly align: bigint;
}

/** The headers and symbols of an ELF file. */
export class Elf {
  readonly #file: BinaryFile;
  readonly #little: boolean;
  readonly #is64: boolean;
  readonly #sections: readonly Section[];
  readonly #sectionNames: number;
  /** The most recently read part of the symbols' names; a kernel has megabytes of them. */
  #names: { readonly start: number; readonly bytes: Buffer } | undefined;
  /** One of {@link ElfType}, or another number. */
  readonly type: number;
  readonly segments: readonly Segment[];

  /** Throws a {@link BinaryError} if the file is damaged. */
  constructor(file: BinaryFile) {
    this.#file = file;
    const ident = file.read(0, 16);
    const [bits, order] = [ident.getUint8(4), ident.getUint8(5)];
    if ((bits !== 1 && bits !== 2) || (order !== 1 && order !== 2)) {
      throw new BinaryError("unknown word size or byte order");
    }
    this.#is64 = bits === 2;
    this.#little = order === 1;
    const header = new Fields(file.read(0, this.#is64 ? 64 : 52), this.#little, this.#is64, 16);
    this.type = header.half();
    header.skip(2 + 4); // machine, version
    header.word(); // entry
    const segmentsAt = header.word();
    const sectionsAt = header.word();
    header.skip(4 + 2); // flags, size of this header
    const segmentSize = header.half();
    const segmentCount = header.half();
    const sectionSize = header.half();
    const sectionCount = header.half();
    this.#sectionNames = header.half();
    this.segments = this.#readTable(
      segmentsAt,
      segmentSize,
      segmentCount,
      this.#is64 ? 56 : 32,
    ).map((fields) => this.#readSegment(fields));
    this.#sections = this.#readTable(
      sectionsAt,
      sectionSize,
      // Files with 0xff00 sections or more keep the count elsewhere; linked programs have fewer.
      sectionsAt === 0n ? 0 : sectionCount,
      this.#is64 ? 64 : 40,
    ).map((fields) => this.#readSection(fields));
  }

  /** The address of the first loaded segment, the lowest; 0 for most libraries. */
  get imageBase(): bigint {
    return this.segments.find(({ type }) => type === SegmentType.load)?.address ?? 0n;
  }

  /** The loaded segment that contains the section `.text`; undefined if there is none. */
  get textSegment(): Segment | undefined {
    const loaded = this.segments.filter(
      ({ type, isExecutable }) => type === SegmentType.load && isExecutable,
    );
    for (const section of this.#sectionsNamed(".text")) {
      const segment = loaded.find(
        ({ address, memorySize }) =>
          section.address >= address && section.address < address + memorySize,
      );
      if (segment) return segment;
    }
    return undefined;
  }

  /** The GNU build id in hexadecimal digits; empty if there is none, or more than one. */
  get buildId(): string {
    const parts = [
      ...this.segments
        .filter(({ type }) => type === SegmentType.note)
        .map(({ offset, fileSize, align }) => ({ offset, size: fileSize, align })),
      ...this.#sections.filter(({ type }) => type === SectionType.note),
    ];
    for (const { offset, size, align } of parts) {
      const ids = this.#buildIdsIn(offset, size, align);
      if (ids.length > 0) return ids.length === 1 ? ids[0] : "";
    }
    return "";
  }

  /** Returns the value of the first symbol with this name, or undefined if there is none. */
  symbolValue(name: string): bigint | undefined {
    const wanted = Buffer.from(name);
    for (const table of this.#sections) {
      if (table.type !== SectionType.symbols) continue;
      const names = this.#sections[table.link];
      if (!names) throw new BinaryError("the table of symbols has no names");
      const found = this.#findSymbol(table, names, wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #readSegment(fields: Fields): Segment {
    const type = fields.int();
    const flagsOf64 = this.#is64 ? fields.int() : 0;
    const offset = fields.word();
    const address = fields.word();
    fields.word(); // physical address
    const fileSize = fields.word();
    const memorySize = fields.word();
    const flags = this.#is64 ? flagsOf64 : fields.int();
    const isExecutable = (flags & EXECUTABLE) !== 0;
    return { type, isExecutable, offset, address, fileSize, memorySize, align: fields.word() };
  }

  #readSection(fields: Fields): Section {
    const nameOffset = fields.int();
    const type = fields.int();
    fields.word(); // flags
    const address = fields.word();
    const offset = fields.word();
    const size = fields.word();
    const link = fields.int();
    fields.int(); // info
    return { nameOffset, type, address, offset, size, link, align: fields.word() };
  }

  #readTable(position: bigint, entrySize: number, count: number, minSize: number): Fields[] {
    if (count === 0) return [];
    if (entrySize < minSize) throw new BinaryError("the entries of a table are too small");
    const table = this.#file.read(position, count * entrySize);
    return Array.from({ length: count }, (_, i) => this.#fields(table, i * entrySize));
  }

  #fields(data: DataView, position: number): Fields {
    return new Fields(data, this.#little, this.#is64, position);
  }

  #sectionsNamed(name: string): Section[] {
    const names = this.#sections[this.#sectionNames];
    if (!names || names.type === SectionType.noBits) return [];
    const text = this.#file.read(names.offset, names.size);
    const wanted = Buffer.from(`${name}\0`);
    const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
    return this.#sections.filter(({ nameOffset }) =>
      bytes.subarray(nameOffset, nameOffset + wanted.length).equals(wanted),
    );
  }

  #buildIdsIn(offset: bigint, size: bigint, align: bigint): string[] {
    // Build ids are near the start of the notes.
    const length = size < MAX_NOTE_BYTES ? size : MAX_NOTE_BYTES;
    try {
      return buildIds(this.#file.read(offset, length), this.#little, Number(align));
    } catch (error) {
      // Unreadable notes have no build id; the rest of the file may still be usable.
      if (error instanceof BinaryError) return [];
      throw error;
    }
  }

  #findSymbol(table: Section, names: Section, wanted: Buffer): bigint | undefined {
    const entrySize = this.#is64 ? 24 : 16;
    const count = Number(table.size) / entrySize;
    for (let first = 0; first < count; first += SYMBOLS_PER_READ) {
      const batch = Math.min(SYMBOLS_PER_READ, Math.floor(count - first));
      const position = Number(table.offset) + first * entrySize;
      const entries = this.#file.read(position, batch * entrySize);
      for (let i = 0; i < batch; i++) {
        const fields = this.#fields(entries, i * entrySize);
        const name = fields.int();
        if (!this.#hasName(names, name, wanted)) continue;
        if (this.#is64) fields.skip(4);
        return fields.word();
      }
    }
    return undefined;
  }

  #hasName(names: Section, offset: number, wanted: Buffer): boolean {
    const length = wanted.length + 1;
    if (offset + length > Number(names.size)) return false;
    const start = Number(names.offset) + offset;
    const isRead =
      this.#names &&
      start >= this.#names.start &&
      start + length <= this.#names.start + this.#names.bytes.length;
    if (!isRead) {
      const size = Math.min(NAME_BYTES_PER_READ, Number(names.size) - offset);
      const text = this.#file.read(start, size);
      this.#names = { start, bytes: Buffer.from(text.buffer, text.byteOffset, text.byteLength) };
    }
    const { start: base, bytes } = this.#names as { start: number; bytes: Buffer };
    const at = start - base;
    return bytes[at + wanted.length] === 0 && bytes.subarray(at, at + wanted.length).equals(wanted);
  }
}

const MAX_NOTE_BYTES = 1n << 20n;
const SYMBOLS_PER_READ = 1 << 14;
const NAME_BYTES_PER_READ = 1 << 22;

/** The type and the owner of notes that hold a build id. */
const BUILD_ID_NOTE = 3;
const BUILD_ID_OWNER = "GNU\0";

/** Returns the build ids among notes, up to the first damaged note. */
function buildIds(notes: DataView, little: boolean, align: number): string[] {
  const aligned = (size: number) => (align > 1 ? Math.ceil(size / align) * align : size);
  const bytes = Buffer.from(notes.buffer, notes.byteOffset, notes.byteLength);
  const found: string[] = [];
  for (let pos = 0; pos + 12 <= bytes.length; ) {
    const nameSize = notes.getUint32(pos, little);
    const idSize = notes.getUint32(pos + 4, little);
    const idAt = pos + aligned(12 + nameSize);
    if (idAt + idSize > bytes.length) break;
    const isBuildId =
      notes.getUint32(pos + 8, little) === BUILD_ID_NOTE &&
      bytes.toString("latin1", pos + 12, pos + 12 + nameSize) === BUILD_ID_OWNER;
    if (isBuildId) found.push(bytes.toString("hex", idAt, idAt + idSize));
    pos = idAt + aligned(idSize);
  }
  return found;
}

/** Reads the fields of a table's entry in order. */
class Fields {
  readonly #data: DataView;
  readonly #little: boolean;
  readonly #is64: boolean;
  #position: number;

  constructor(data: DataView, little: boolean, is64: boolean, position: number) {
    this.#data = data;
    this.#little = little;
    this.#is64 = is64;
    this.#position = position;
  }

  half(): number {
    return this.#data.getUint16(this.#advance(2), this.#little);
  }

  int(): number {
    return this.#data.getUint32(this.#advance(4), this.#little);
  }

  /** Reads an address, an offset or a size, with the file's word size. */
  word(): bigint {
    return this.#is64
      ? this.#data.getBigUint64(this.#advance(8), this.#little)
      : BigInt(this.int());
  }

  skip(bytes: number): void {
    this.#position += bytes;
  }

  #advance(bytes: number): number {
    const position = this.#position;
    this.#position += bytes;
    return position;
  }
}
