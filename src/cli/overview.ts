/** The text of `tsprof help`: every command, by purpose, on one screen of 24 rows. */
export const OVERVIEW = `\
Usage: tsprof COMMAND [options] FILE...    or, as in pprof: tsprof -top FILE...

Node programs  record     a program or process; leak: memory that is never freed
Text reports   top        functions by cost
               list       source of matching functions, with cost by line
               peek       callers and callees of matching functions; tree: all
               traces, tags, comments, raw, disasm
Pictures       flame      flame graph as an SVG file
               svg        call graph as an SVG file; also png, pdf, ps, gif, dot
               web        call graph in a browser; also eog, evince, gv
Browser        serve      all reports in a web interface
               html       the web interface as one HTML file; also weblist
Comparison     diff       functions that changed, with gates for CI
Data           info       what is in a profile: types, totals, labels
               convert    to other formats; also folded, callgrind, kcachegrind
               merge      several profiles as one; also proto, topproto, pgo
Other          help       one command and its options; also completion, version

Examples:
  tsprof record -- node app.js            profile a program into cpu001.pb.gz
  tsprof top cpu001.pb.gz                 where the time went
  tsprof flame -o flame.svg cpu001.pb.gz  the same as a picture
  tsprof cpu001.pb.gz                     a shell to look around in it
`;

/** The lines that `tsprof` prints without arguments. */
export const SHORT_HELP = [
  "tsprof shows where the time and the memory of a program went.",
  "",
  "  tsprof record -- node app.js   profile a Node program",
  "  tsprof top FILE                functions by cost",
  "  tsprof flame FILE              flame graph as an SVG file",
  "  tsprof serve FILE              all reports in a browser",
  "  tsprof diff OLD NEW            functions that changed",
  "",
  "All commands: tsprof help",
];
