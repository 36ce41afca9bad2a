import { createHash } from "node:crypto";
import path from "node:path";
import { escapeXml } from "../../render/xml.js";
import { profilesBlocks } from "../event-loop/block-profile.js";
import { heapSampling } from "../heap.js";
import { followsPending } from "../pending/pending-profile.js";

/** An entry of the page: a profile with its description. */
interface Entry {
  readonly name: string;
  /** Addresses, relative to this page, by the text of the link. */
  readonly links: Readonly<Record<string, string>>;
  readonly text: string;
}

const STYLE = `body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; }
:root { color-scheme: light dark; }
dt { font-weight: 600; }
dd { margin: 0 0 0.75rem; }
code { overflow-wrap: anywhere; }`;

/** Forbids everything except the page's own style. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The headers for {@link indexPage}. */
export const INDEX_HEADERS = {
  "Content-Security-Policy": POLICY,
  "Referrer-Policy": "no-referrer",
};

/** Returns the HTML page that lists the profiles. */
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
<p>Profiles of ${escapeXml(about)}.
Open the address of one with <code>tsprof top</code>, <code>tsprof -http=:</code>
or <code>go tool pprof</code>.</p>
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
    ? "since heap sampling started. With seconds=N, the change during N seconds"
    : "during 10 seconds, or N seconds with seconds=N, as this program does not sample its heap all the time";
  const profile: Entry = {
    name: "profile",
    links: { "5 seconds": "profile?seconds=5", "5 seconds, as text": "profile?seconds=5&debug=1" },
    text: "CPU profile: the stacks of all threads, or of one with thread=NAME, during 30 seconds, or N seconds with seconds=N. Includes the labels of withLabels.",
  };
  const heap: Entry = {
    name: "heap",
    links: { file: "heap", "as text": "heap?debug=1" },
    text: `Memory of this thread that was allocated ${since}, and is in use. With gc=1, garbage is collected first.`,
  };
  const allocs: Entry = {
    name: "allocs",
    links: { file: "allocs", "as text": "allocs?debug=1" },
    text: `All memory that was allocated ${since}, even if it was freed.`,
  };
  const blocked = profilesBlocks()
    ? "since startBlockProfile. With seconds=N, during N seconds"
    : "during 10 seconds, or N seconds with seconds=N";
  const block: Entry = {
    name: "block",
    links: { file: "block", "as text": "block?debug=1" },
    text: `What blocked the event loop of this thread, and for how long, ${blocked}.`,
  };
  const pending: Entry = {
    name: "goroutine",
    links: { file: "goroutine", "as text": "goroutine?debug=1" },
    text: "Pending timers, sockets, servers and requests of this thread, by the stack that created them.",
  };
  const trace: Entry = {
    name: "trace",
    links: { "5 seconds": "trace?seconds=5", "5 seconds, as text": "trace?seconds=5&debug=1" },
    text: "Trace events of Node and V8 in all threads, in Chrome's format, during 1 second, or N seconds with seconds=N: file system, HTTP, timers, garbage collection. With categories=A,B, those of the categories.",
  };
  const cmdline: Entry = {
    name: "cmdline",
    links: { cmdline: "cmdline" },
    text: "The command line of this process, its words separated by zero bytes.",
  };
  // While heap sampling runs, only one of the two profiles is available.
  const ofHeap = sampling ? [sampling.keepsFreed ? allocs : heap] : [heap, allocs];
  return [profile, ...ofHeap, block, ...(followsPending() ? [pending] : []), trace, cmdline];
}
