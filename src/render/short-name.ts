/**
 * Shortens the name of a function for a box: Go's loses the path of its package and a
 * major version in it, Java's its package and arguments, C++'s its namespaces. The name
 * of none of these stays as it is.
 */
export function shortFunctionName(name: string): string {
  if (name.length > MAX_NAME_UNITS) return name;
  const plain = withoutGoVersion(name.replace(/^\(anonymous namespace\)::/, ""));
  return goName(plain) ?? JAVA.exec(plain)?.[1] ?? CPP.exec(plain)?.[1] ?? plain;
}

/** Longer names stay as they are: the patterns below would run out of stack. In UTF-16 units. */
const MAX_NAME_UNITS = 1_000_000;

/** `java.util.Map.get(Object)`: the class and the method. */
const JAVA = /^(?:[a-z]\w*\.)*([A-Z][\w$]*\.(?:<init>|[a-z][\w$]*(?:\$\d+)?))(?:\(|$)/;

/** `std::ns::Class::method<T>(...)`: the class and the method, with template arguments. */
const CPP = /^(?:[_a-zA-Z]\w*::)+(_*[A-Z]\w*::~?[_a-zA-Z]\w*(?:<[^\n]*>)?)/;

function withoutGoVersion(name: string): string {
  if (name.includes("\n")) return name;
  return name.replace(/\/v(?:[2-9]|[1-9][0-9]+)(?=[./])/, "");
}

/**
 * `example.com/user/repo/pkg.(*Type).Method`: from the package on, up to the end of the
 * line. By hand, since a regular expression would try every slash of a long path.
 */
function goName(name: string): string | undefined {
  const path = /^(?:[\w\-.]+\/)+/.exec(name)?.[0];
  if (path === undefined) return undefined;
  // The last slash behind which there is a name with a dot within.
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
