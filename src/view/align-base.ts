import { Int64Builder, indexColumn, int64At } from "../profile/columns.js";
import type { FunctionIndex, StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { startColumns } from "../profile/start-columns.js";
import { encodeUtf8 } from "../profile/utf8.js";
import { functionNames } from "./function-names.js";
import { matchPlaced, type Placed } from "./match-functions.js";

/**
 * Moves the functions of a base profile to where `profile` defines them, so that functions of scripts
 * are the same in both although lines were inserted above them or the files are in other folders.
 * Functions that `profile` does not have, and functions with a linker's name, stay as they are.
 */
export function alignBase(base: Profile, profile: Profile): Profile {
  const olds = definitions(base);
  const news = definitions(profile);
  const matches = matchPlaced(
    olds.map(({ placed }) => placed),
    news.map(({ placed }) => placed),
  );
  if (matches.every((old) => old < 0)) return base;
  const { functions, strings } = base;
  const names = Uint32Array.from(functions.name as ArrayLike<number>);
  const files = Uint32Array.from(functions.filename as ArrayLike<number>);
  const columns = startColumns(base);
  const lines = Array.from({ length: functions.length }, (_, fn) =>
    int64At(functions.startLine, fn),
  );
  const starts = Array.from({ length: functions.length }, (_, fn) => int64At(columns, fn));
  const texts: Uint8Array[] = [];
  const added = new Map<string, number>();
  const add = (text: string) => {
    const index = added.get(text) ?? strings.length + texts.push(encodeUtf8(text)) - 1;
    added.set(text, index);
    return index;
  };
  matches.forEach((old, next) => {
    if (old < 0) return;
    const { fns, placed } = news[next];
    const target = profile.functions;
    for (const fn of olds[old].fns) {
      names[fn] = add(profile.strings.get(target.name[fns[0]]));
      files[fn] = add(placed.file);
      lines[fn] = placed.line;
      starts[fn] = placed.column;
    }
  });
  const int64s = (values: typeof lines) => {
    const builder = new Int64Builder();
    for (const value of values) builder.push(value);
    return builder.finish();
  };
  return {
    ...base,
    strings: strings.extend(texts),
    functions: {
      ...functions,
      name: indexColumn<StringIndex>(names),
      filename: indexColumn<StringIndex>(files),
      startLine: int64s(lines),
      startColumn: int64s(starts),
    },
  };
}

interface Definition {
  readonly placed: Placed;
  /** The functions with this definition; at least one. */
  readonly fns: FunctionIndex[];
}

/** Returns the functions of a profile that their definition identifies. */
function definitions(profile: Profile): Definition[] {
  const { functions, strings } = profile;
  const names = functionNames(profile, "language", {
    trimPath: "",
    sourcePath: "",
    keepPaths: true,
  });
  const columns = startColumns(profile);
  const found = new Map<string, Definition>();
  for (let fn = 0 as FunctionIndex; fn < functions.length; fn++) {
    const file = strings.get(functions.filename[fn]);
    if (file === "" || names.identity(fn) !== "definition") continue;
    const name = names.bareName(fn);
    const line = int64At(functions.startLine, fn);
    const column = int64At(columns, fn);
    const key = JSON.stringify([name, file, String(line), String(column)]);
    const known = found.get(key);
    if (known) known.fns.push(fn);
    else found.set(key, { placed: { name, file, line, column }, fns: [fn] });
  }
  return [...found.values()];
}
