import type { DemangleStyle } from "../demangle/style.js";
import { indexColumn } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";

/** What to do with the names of functions. */
export interface DemangleMode {
  /** `none` leaves names as they are. */
  readonly style: DemangleStyle | "none";
  /** Start from the linker's names even where a function has a readable one. */
  readonly force: boolean;
}

/** Returns the readable form of a mangled name, and undefined for any other name. */
export type Demangle = (symbol: string, style: DemangleStyle) => string | undefined;

/** Whether any name may be mangled, so that {@link demangleFunctions} needs a demangler. */
export function hasMangledNames({ functions, strings }: Profile): boolean {
  for (let fn = 0; fn < functions.length; fn++) {
    if (strings.bytes(functions.systemName[fn])[0] === Letter.underscore) return true;
  }
  return false;
}

/**
 * How much a profile may have demangled, in characters. Mangled names can be made that
 * are short and stand for very long ones, or that take long to turn out to be none.
 */
const BUDGET = 1 << 25;
const COST_OF_FAILURE = 100_000;

/**
 * Makes the names of functions readable: mangled C++ and Rust names are demangled, and
 * names that look like demangled C++ lose what `style` leaves out. Functions whose name
 * differs from the linker's have been through this, and stay unless `force` is set.
 * `isComplete` is false where there was more than any honest profile has, and the rest
 * was left as it is.
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
  /** By string index of the linker's name: the readable one. */
  const readable = new Map<StringIndex, number>();
  let budget = BUDGET;
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

/**
 * Whether a name may be a mangled or a C++ one. Most names of most profiles are
 * neither, and are seen through here without being decoded.
 */
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
    // macOS puts one more underscore in front.
    (systemName.startsWith("_") ? demangle(systemName.slice(1), style) : undefined);
  if (demangled !== undefined) return demangled;
  if (style === "full" || !looksLikeCpp(systemName)) return systemName;
  const withoutArguments = removeMatching(systemName, "(", ")");
  return style === "templates" ? withoutArguments : removeMatching(withoutArguments, "<", ">");
}

/** Whether a name seems to be demangled C++, by the marks that pprof goes by. */
function looksLikeCpp(name: string): boolean {
  const isJava = name.includes(".<");
  const isGo = name.includes("]).");
  return !isJava && !isGo && (/[<>[\]]/.test(name) || name.includes("::"));
}

/** Removes what stands between `open` and `close`, nested pairs included; stops at a `close` too many. */
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
