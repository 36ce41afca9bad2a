/** The parsed value of `-symbolize`. */
export interface SymbolizeMode {
  /** Look addresses up in the binaries on this machine. */
  readonly local: boolean;
  /** Ask the server that the profile was fetched from. */
  readonly remote: boolean;
  /** Look up function names only, no files and lines. */
  readonly fast: boolean;
  /** Look up locations that already have names too, and demangle system names again. */
  readonly force: boolean;
  readonly style: "simplified" | "templates" | "full" | "none";
}

/**
 * Parses `-symbolize`, a list of words separated by colons; the last of contradicting words counts.
 * The mode is undefined if names are left unchanged.
 */
export function parseSymbolize(text: string): {
  mode: SymbolizeMode | undefined;
  warnings: string[];
} {
  let where = { local: true, remote: true };
  let fast = false;
  let force = false;
  let style: SymbolizeMode["style"] = "simplified";
  const warnings: string[] = [];
  for (const word of text.toLowerCase().split(":")) {
    switch (word) {
      case "none":
      case "no":
        return { mode: undefined, warnings };
      case "":
      case "default":
      case "demangle=default":
        break;
      case "local":
        where = { local: true, remote: false };
        break;
      case "fastlocal":
        where = { local: true, remote: false };
        fast = true;
        break;
      case "remote":
        where = { local: false, remote: true };
        break;
      case "force":
        force = true;
        break;
      case "demangle=full":
      case "full":
        style = "full";
        force = true;
        break;
      case "demangle=templates":
      case "templates":
        style = "templates";
        force = true;
        break;
      case "demangle=none":
        style = "none";
        force = true;
        break;
      default:
        warnings.push(
          `-symbolize: ${JSON.stringify(word)} is ignored; use none, local, fastlocal, remote, ` +
            "force, demangle=none, demangle=full, demangle=templates, separated by :",
        );
    }
  }
  return { mode: { ...where, fast, force, style }, warnings };
}
