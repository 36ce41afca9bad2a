/** What `tsprof help` prints: every command, by purpose, on one screen of 24 rows. */
export const OVERVIEW = `\
Usage: tsprof COMMAND [options] FILE...       tsprof FILE opens a shell on it

Node programs  record     run a program under V8's profiler, or attach to one
Text reports   top        functions by cost
               tree       functions with their callers and callees
               peek       the same for functions that match a pattern
               list       source of matching functions, with cost by line
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
Other          help       one command and its options; completion, version

Examples:
  tsprof record -- node app.js            profile a program into cpu001.pb.gz
  tsprof top cpu001.pb.gz                 where the time went
  tsprof flame -o flame.svg cpu001.pb.gz  the same as a picture
pprof's form works too: tsprof -top -cum FILE.  All options: tsprof help COMMAND
`;

/** What `tsprof` alone says. */
export const SHORT_HELP = `\
tsprof shows where the time and the memory of a program went.

  tsprof record -- node app.js   profile a Node program
  tsprof top FILE                functions by cost
  tsprof flame FILE              flame graph as an SVG file
  tsprof serve FILE              all reports in a browser
  tsprof diff OLD NEW            functions that changed

All commands: tsprof help
`;
