import { Int64Builder, Uint32Builder, Uint64Builder } from "../columns.js";
import { MappingFlags } from "../profile.js";
import { IdSpace } from "./ids.js";
import type { WireReader } from "./reader.js";

export class MappingDecoder {
  readonly ids = new IdSpace();
  readonly id = new Uint64Builder();
  readonly start = new Uint64Builder();
  readonly limit = new Uint64Builder();
  readonly offset = new Uint64Builder();
  readonly file = new Uint32Builder();
  readonly buildId = new Uint32Builder();
  readonly flags = new Uint32Builder();

  get bytes(): number {
    return this.file.bytes * 11;
  }

  decode(reader: WireReader, end: number): void {
    const wide = new Uint32Array(8);
    let file = 0;
    let buildId = 0;
    let flags = 0;
    while (reader.pos < end) {
      reader.next(end);
      const { field } = reader;
      if (field <= 4) {
        reader.number(MAPPING_NUMBERS[field - 1]);
        wide[field * 2 - 2] = reader.lo;
        wide[field * 2 - 1] = reader.hi;
      } else if (field === 5) {
        file = reader.stringIndex("mapping.filename");
      } else if (field === 6) {
        buildId = reader.stringIndex("mapping.build_id");
      } else if (field <= 10) {
        const flag = MAPPING_FLAGS[field - 7];
        flags = reader.bool("mapping.has_*") ? flags | flag : flags & ~flag;
      } else {
        reader.skip(end);
      }
    }
    checkId(reader, "mapping", this.file.length, wide[0], wide[1]);
    this.id.push(wide[0], wide[1]);
    this.start.push(wide[2], wide[3]);
    this.limit.push(wide[4], wide[5]);
    this.offset.push(wide[6], wide[7]);
    this.file.push(file);
    this.buildId.push(buildId);
    this.flags.push(flags);
  }
}

const MAPPING_NUMBERS = [
  "mapping.id",
  "mapping.memory_start",
  "mapping.memory_limit",
  "mapping.file_offset",
];
const MAPPING_FLAGS = [
  MappingFlags.functions,
  MappingFlags.filenames,
  MappingFlags.lineNumbers,
  MappingFlags.inlineFrames,
];

export class LocationDecoder {
  readonly functionIds = new IdSpace();
  readonly id = new Uint64Builder();
  /** Keys of the mapping decoder's ids. */
  readonly mapping = new Uint32Builder();
  readonly address = new Uint64Builder();
  readonly folded = new Uint32Builder();
  readonly lineOffsets = new Uint32Builder();
  /** Keys of {@link functionIds}. */
  readonly lineFunction = new Uint32Builder();
  readonly line = new Int64Builder();
  readonly column = new Int64Builder();
  readonly #mappingIds: IdSpace;

  constructor(mappingIds: IdSpace) {
    this.#mappingIds = mappingIds;
    this.lineOffsets.push(0);
  }

  get bytes(): number {
    return this.mapping.bytes * 7 + this.lineFunction.bytes * 5;
  }

  decode(reader: WireReader, end: number): void {
    let idLo = 0;
    let idHi = 0;
    let mapping = 0;
    let addressLo = 0;
    let addressHi = 0;
    let folded = false;
    while (reader.pos < end) {
      reader.next(end);
      switch (reader.field) {
        case 1:
          reader.number("location.id");
          idLo = reader.lo;
          idHi = reader.hi;
          break;
        case 2:
          reader.number("location.mapping_id");
          mapping = this.#mappingIds.key(reader.lo, reader.hi);
          break;
        case 3:
          reader.number("location.address");
          addressLo = reader.lo;
          addressHi = reader.hi;
          break;
        case 4:
          this.#line(reader, reader.payload("location.line"));
          break;
        case 5:
          folded = reader.bool("location.is_folded");
          break;
        default:
          reader.skip(end);
      }
    }
    checkId(reader, "location", this.mapping.length, idLo, idHi);
    this.id.push(idLo, idHi);
    this.mapping.push(mapping);
    this.address.push(addressLo, addressHi);
    this.folded.push(folded ? 1 : 0);
    this.lineOffsets.push(this.lineFunction.length);
  }

  #line(reader: WireReader, end: number): void {
    let fn = 0;
    let lineLo = 0;
    let lineHi = 0;
    let columnLo = 0;
    let columnHi = 0;
    while (reader.pos < end) {
      reader.next(end);
      switch (reader.field) {
        case 1:
          reader.number("line.function_id");
          fn = this.functionIds.key(reader.lo, reader.hi);
          break;
        case 2:
          reader.number("line.line");
          lineLo = reader.lo;
          lineHi = reader.hi;
          break;
        case 3:
          reader.number("line.column");
          columnLo = reader.lo;
          columnHi = reader.hi;
          break;
        default:
          reader.skip(end);
      }
    }
    if (fn === 0) throw reader.error("a line has no function");
    this.lineFunction.push(fn);
    this.line.pushHalves(lineLo, lineHi);
    this.column.pushHalves(columnLo, columnHi);
  }
}

export class FunctionDecoder {
  readonly id = new Uint64Builder();
  readonly name = new Uint32Builder();
  readonly systemName = new Uint32Builder();
  readonly filename = new Uint32Builder();
  readonly startLine = new Int64Builder();

  get bytes(): number {
    return this.name.bytes * 7;
  }

  decode(reader: WireReader, end: number): void {
    let idLo = 0;
    let idHi = 0;
    let name = 0;
    let systemName = 0;
    let filename = 0;
    let startLo = 0;
    let startHi = 0;
    while (reader.pos < end) {
      reader.next(end);
      switch (reader.field) {
        case 1:
          reader.number("function.id");
          idLo = reader.lo;
          idHi = reader.hi;
          break;
        case 2:
          name = reader.stringIndex("function.name");
          break;
        case 3:
          systemName = reader.stringIndex("function.system_name");
          break;
        case 4:
          filename = reader.stringIndex("function.filename");
          break;
        case 5:
          reader.number("function.start_line");
          startLo = reader.lo;
          startHi = reader.hi;
          break;
        default:
          reader.skip(end);
      }
    }
    checkId(reader, "function", this.name.length, idLo, idHi);
    this.id.push(idLo, idHi);
    this.name.push(name);
    this.systemName.push(systemName);
    this.filename.push(filename);
    this.startLine.pushHalves(startLo, startHi);
  }
}

/** Refuses the id 0, which means none. */
function checkId(reader: WireReader, table: string, row: number, lo: number, hi: number): void {
  if (lo === 0 && hi === 0) throw reader.error(`${table} ${row} has the reserved id 0`);
}
