import { createHash } from "node:crypto";
import path from "node:path";
import { escapeXml } from "../../render/xml.js";
import { heapSampling } from "../heap.js";

/** A profile that there is, and what is said of it. */
interface Entry {
  readonly name: string;
  /** Addresses, from this page on, by what they are called. */
  readonly links: Readonly<Record<string, string>>;
  readonly text: string;
}

const STYLE = `body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; }
:root { color-scheme: light dark; }
dt { font-weight: 600; }
dd { margin: 0 0 0.75rem; }
code { overflow-wrap: anywhere; }`;

/** Of all that a page can have, this one has its style. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The headers that {@link indexPage} is sent with. */
export const INDEX_HEADERS = {
  "Content-Security-Policy": POLICY,
  "Referrer-Policy": "no-referrer",
};

/** The page that says what profiles there are: HTML, all of whose texts are escaped. */
export function indexPage(): string {
  const program = path.basename(process.argv[1] ?? process.argv0);
  const about = `${program}, process ${process.pid}, Node ${process.version}`;
  const entries = entriesOf().map(({ name, links, text }) => {
    const anchors = Object.entries(links).map(
      ([title, address]) => `<a href="${escapeXml(address)}">${escapeXml(title)}</a>`,
    );
    return `<dt>${escapeXml(name)}</dt>\n<dd>${escapeXml(text)}<br>${anchors.join(" · ")}</dd>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>/debug/pprof/</title>
<style>${STYLE}</style>
</head>
<body>
<h1>/debug/pprof/</h1>
<p>Profiles of ${escapeXml(about)}, the thread that serves this page.
Read them with <code>tsprof top</code>, <code>tsprof -http=:</code> or <code>go tool pprof</code>
and the address of one.</p>
<dl>
${entries.join("\n")}
</dl>
</body>
</html>
`;
}

function entriesOf(): Entry[] {
  const sampling = heapSampling();
  const since = sampling
    ? "since sampling began; with seconds, how that changes meanwhile"
    : "while it is sampled, for 10 seconds or as many as seconds says: this program does not sample its heap all the time";
  const profile: Entry = {
    name: "profile",
    links: { "5 seconds": "profile?seconds=5", "5 seconds, as text": "profile?seconds=5&debug=1" },
    text: "Where the time goes, by the clock, for as many seconds as seconds says, or 30. With the labels of withLabels.",
  };
  const heap: Entry = {
    name: "heap",
    links: { file: "heap", "as text": "heap?debug=1" },
    text: `Memory that was allocated and is in use: ${since}. With gc=1 garbage is collected first.`,
  };
  const allocs: Entry = {
    name: "allocs",
    links: { file: "allocs", "as text": "allocs?debug=1" },
    text: `Memory that was allocated, freed or not: ${since}.`,
  };
  const cmdline: Entry = {
    name: "cmdline",
    links: { cmdline: "cmdline" },
    text: "The command line of this process, with zero bytes between its words.",
  };
  // Sampling knows of one of the two.
  const ofHeap = sampling ? [sampling.keepsFreed ? allocs : heap] : [heap, allocs];
  return [profile, ...ofHeap, cmdline];
}
