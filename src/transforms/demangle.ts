import type { DemangleStyle } from "../demangle/style.js";
import { indexColumn } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";

/** How to demangle the names of functions. */
export interface DemangleMode {
  /** The style of names; `none` leaves them unchanged. */
  readonly style: DemangleStyle | "none";
  /** Start from the linker's names even if a function has a readable name. */
  readonly force: boolean;
}

/** Returns the readable form of a mangled name, or undefined for other names. */
export type Demangle = (symbol: string, style: DemangleStyle) => string | undefined;

/** Tests whether any name may be mangled, so that {@link demangleFunctions} needs a demangler. */
export function hasMangledNames({ functions, strings }: Profile): boolean {
  for (let fn = 0; fn < functions.length; fn++) {
    if (strings.bytes(functions.systemName[fn])[0] === Letter.underscore) return true;
  }
  return false;
}

/**
 * The maximum amount of demangling per profile, in characters of output. Short mangled names can
 * expand to very long names, or take long to be recognized as invalid.
 */
const MAX_DEMANGLED_LENGTH = 1 << 25;
/** The price of an invalid name, in characters. */
const COST_OF_FAILURE = 100_000;

/**
 * Makes the names of functions readable: demangles C++ and Rust names, and removes what `style`
 * omits from names that look like demangled C++. A function whose name differs from the linker's is
 * already demangled, and unchanged unless `force` is set. `isComplete` is false if the limit, which
 * no real profile reaches, left some names unchanged.
 */
export function demangleFunctions(
  profile: Profile,
  { style, force }: DemangleMode,
  demangle: Demangle,
): { profile: Profile; isComplete: boolean } {
  const { functions, strings } = profile;
  const names = new Uint32Array(functions.length);
  const added: Uint8Array[] = [];
  const isEmpty = (index: StringIndex) => strings.bytes(index).length === 0;
  /** The readable name by the string index of the linker's name. */
  const readable = new Map<StringIndex, number>();
  let budget = MAX_DEMANGLED_LENGTH;
  const withinBudget: Demangle = (symbol, wanted) => {
    if (budget <= 0) return undefined;
    const name = demangle(symbol, wanted);
    budget -= name?.length ?? (/^_[ZR]/.test(symbol) ? COST_OF_FAILURE : 0);
    return name;
  };
  for (let fn = 0; fn < functions.length; fn++) {
    const systemName = functions.systemName[fn];
    let name = functions.name[fn];
    if (force && !isEmpty(name) && !isEmpty(systemName)) name = systemName;
    names[fn] = name;
    const isDone = !isEmpty(name) && !strings.equal(name, systemName);
    if (style === "none" || isDone) continue;

    let index = readable.get(systemName);
    if (index === undefined) {
      index = systemName;
      if (mayChange(strings.bytes(systemName))) {
        const text = readableName(strings.get(systemName), style, withinBudget);
        if (text !== strings.get(systemName)) {
          index = strings.length + added.push(encodeUtf8(text)) - 1;
        }
      }
      readable.set(systemName, index);
    }
    names[fn] = index;
  }
  const changed = {
    ...profile,
    strings: added.length > 0 ? strings.extend(added) : strings,
    functions: { ...functions, name: indexColumn<StringIndex>(names) },
  };
  return { profile: changed, isComplete: budget > 0 };
}

/** Tests whether a name may be mangled or C++. Rejects most names without decoding them. */
function mayChange(name: Uint8Array): boolean {
  if (name[0] === Letter.underscore) return true;
  for (let i = 0; i < name.length; i++) {
    switch (name[i]) {
      case Letter.less:
      case Letter.greater:
      case Letter.openBracket:
      case Letter.closeBracket:
        return true;
      case Letter.colon:
        if (name[i + 1] === Letter.colon) return true;
    }
  }
  return false;
}

const Letter = {
  underscore: 0x5f,
  less: 0x3c,
  greater: 0x3e,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  colon: 0x3a,
} as const;

function readableName(systemName: string, style: DemangleStyle, demangle: Demangle): string {
  const demangled =
    demangle(systemName, style) ??
    // macOS adds a leading underscore.
    (systemName.startsWith("_") ? demangle(systemName.slice(1), style) : undefined);
  if (demangled !== undefined) return demangled;
  if (style === "full" || !looksLikeCpp(systemName)) return systemName;
  const withoutArguments = removeMatching(systemName, "(", ")");
  return style === "templates" ? withoutArguments : removeMatching(withoutArguments, "<", ">");
}

/** Tests whether a name looks like demangled C++, by pprof's criteria. */
function looksLikeCpp(name: string): boolean {
  const isJava = name.includes(".<");
  const isGo = name.includes("]).");
  return !isJava && !isGo && (/[<>[\]]/.test(name) || name.includes("::"));
}

/** Removes all text between `open` and `close`, nested pairs too; stops at an unmatched `close`. */
function removeMatching(name: string, open: string, close: string): string {
  let kept = "";
  let depth = 0;
  let start = 0;
  for (let i = 0; i < name.length; i++) {
    if (name[i] === open) {
      if (depth++ === 0) {
        kept += name.slice(start, i);
        start = i;
      }
    } else if (name[i] === close) {
      depth--;
      if (depth < 0) break;
      if (depth === 0) start = i + 1;
    }
  }
  return kept + name.slice(start);
}
