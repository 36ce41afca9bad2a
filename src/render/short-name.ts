/**
 * Shortens a function name for a box, as pprof does: a Go name to its package and the rest, a Java
 * or C++ name to its class and method. Returns other names unchanged.
 */
export function shortFunctionName(name: string): string {
  if (name.length > MAX_NAME_UNITS) return name;
  const plain = withoutGoVersion(name.replace(/^\(anonymous namespace\)::/, ""));
  return goName(plain) ?? JAVA.exec(plain)?.[1] ?? CPP.exec(plain)?.[1] ?? plain;
}

/** Longer names are not shortened, because the patterns below would overflow the stack. */
const MAX_NAME_UNITS = 1_000_000;

/** Matches `java.util.Map.get(Object)`; captures the class and the method. */
const JAVA = /^(?:[a-z]\w*\.)*([A-Z][\w$]*\.(?:<init>|[a-z][\w$]*(?:\$\d+)?))(?:\(|$)/;

/** Matches `std::ns::Class::method<T>(...)`; captures `Class::method<T>`. */
const CPP = /^(?:[_a-zA-Z]\w*::)+(_*[A-Z]\w*::~?[_a-zA-Z]\w*(?:<[^\n]*>)?)/;

function withoutGoVersion(name: string): string {
  if (name.includes("\n")) return name;
  return name.replace(/\/v(?:[2-9]|[1-9][0-9]+)(?=[./])/, "");
}

/**
 * Shortens `example.com/user/repo/pkg.(*Type).Method` to the part from the package to the end of
 * the line. Written by hand, because a regular expression would try every slash of a long path.
 */
function goName(name: string): string | undefined {
  const path = /^(?:[\w\-.]+\/)+/.exec(name)?.[0];
  if (path === undefined) return undefined;
  // Find the last slash before a name that contains a dot.
  let dot = name.indexOf(".", path.length);
  let end = path.length;
  for (let start = end; start > 0; end = start, start = name.lastIndexOf("/", start - 2) + 1) {
    const nearest = name.slice(start, end).indexOf(".");
    if (nearest >= 0) dot = start + nearest;
    if (dot > start && dot + 1 < name.length && name[dot + 1] !== "\n") {
      return name.slice(start).split("\n", 1)[0];
    }
  }
  return undefined;
}
