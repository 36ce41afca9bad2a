/** What `-symbolize` asks for. */
export interface SymbolizeMode {
  /** Look addresses up in the binaries that are here. */
  readonly local: boolean;
  /** Ask the server that the profile comes from. */
  readonly remote: boolean;
  /** Names of functions only. */
  readonly fast: boolean;
  /** Look up also what has names already, and start from the linker's names. */
  readonly force: boolean;
  /** How mangled names are shown. */
  readonly style: "simplified" | "templates" | "full" | "none";
}

/**
 * Reads the words of `-symbolize`, between colons; of those that exclude each other the
 * last one counts. The mode is undefined where names are to be left alone altogether.
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
          `-symbolize: ${JSON.stringify(word)} is ignored; it takes none, local, fastlocal, remote, ` +
            "force, demangle=none, demangle=full, demangle=templates, with : between them",
        );
    }
  }
  return { mode: { ...where, fast, force, style }, warnings };
}
