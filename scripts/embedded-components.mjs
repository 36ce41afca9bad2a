// Lists software inside npm packages that no package.json names: libraries compiled to WebAssembly,
// the runtimes of their compilers, ported code and tables of data. tsprof's bundles contain it, so
// its licenses are printed with the others (licenses.mjs). The build fails if an installed package
// has another version than the one listed here: inspect the new version, then change the number.
import { CRATES } from "./embedded-crates.mjs";

/**
 * @typedef {object} Component
 * @property {string} name
 * @property {string} [version] absent if the binary does not record it
 * @property {string} license an SPDX expression
 * @property {string} copyright one line for each holder
 * @property {string} source the address of its source code
 * @property {string} [note] a statement that its license requires
 */

const github = (name) => `https://github.com/${name}`;

// The version is what Graphviz.load() reports. Its license is EPL-2.0 since Graphviz 15; the
// source is unmodified. Libraries and flags: packages/graphviz of the hpcc-js-wasm repository.
const GRAPHVIZ = [
  {
    name: "Graphviz",
    version: "16.1.0",
    license: "EPL-2.0",
    copyright: "Copyright (c) 1991-2026 AT&T Intellectual Property and the Graphviz contributors",
    source: "https://gitlab.com/graphviz/graphviz/-/tree/16.1.0",
    note:
      "Graphviz is distributed here in compiled form, without changes. Its source code is available\n" +
      "under the Eclipse Public License 2.0 at the address above, and as an archive at\n" +
      "https://gitlab.com/api/v4/projects/4207231/packages/generic/graphviz-releases/16.1.0/graphviz-16.1.0.tar.gz",
  },
  {
    name: "ColorBrewer color schemes",
    license: "Apache-2.0",
    copyright:
      "Copyright (c) 2002 Cynthia Brewer, Mark Harrower, and The Pennsylvania State University",
    source: "https://colorbrewer2.org/",
    note: "This product includes color specifications and designs developed by Cynthia Brewer (http://colorbrewer.org/).",
  },
  {
    name: "Expat",
    license: "MIT",
    copyright:
      "Copyright (c) 1998-2000 Thai Open Source Software Center Ltd and Clark Cooper\n" +
      "Copyright (c) 2001-2026 Expat maintainers",
    source: github("libexpat/libexpat"),
  },
  {
    name: "SipHash, in Expat",
    license: "CC0-1.0",
    copyright: "By William Ahern, after Jean-Philippe Aumasson and Daniel J. Bernstein",
    source: github("libexpat/libexpat"),
  },
  {
    name: "hpcc-js-wasm's C++ wrapper",
    version: "1.29.2",
    license: "Apache-2.0",
    copyright: "Copyright HPCC Systems",
    source: github("hpcc-systems/hpcc-js-wasm"),
  },
  {
    name: "Emscripten runtime (JavaScript and C)",
    license: "MIT OR NCSA",
    copyright: "Copyright (c) 2010-2026 Emscripten authors",
    source: github("emscripten-core/emscripten"),
  },
  {
    name: "musl libc, in Emscripten",
    license: "MIT",
    copyright:
      "Copyright (c) 2005-2020 Rich Felker, et al.\n" +
      "Mathematical functions: Copyright (c) 1993, 2004 Sun Microsystems; 2003-2011 David Schultz;\n" +
      "2003-2009 Steven G. Kargl; 2003-2009 Bruce D. Evans; 2008 Stephen L. Moshier; 2017-2018 Arm Limited\n" +
      "Sorting: Copyright (c) 2011 Lynn Ochs",
    source: "https://musl.libc.org/",
  },
  {
    name: "dlmalloc, in Emscripten",
    license: "CC0-1.0",
    copyright: "By Doug Lea, released to the public domain",
    source: github("emscripten-core/emscripten/blob/main/system/lib/dlmalloc.c"),
  },
  {
    name: "LLVM libc++, libc++abi, libunwind and compiler-rt, in Emscripten",
    license: "Apache-2.0 WITH LLVM-exception",
    copyright: "Copyright (c) 2003-2026 the LLVM project's contributors",
    source: github("llvm/llvm-project"),
  },
  {
    // It decompresses the embedded WebAssembly. The package's source map names it.
    name: "fzstd",
    license: "MIT",
    copyright: "Copyright (c) 2020 Arjun Barrett",
    source: github("101arrowz/fzstd"),
  },
];

const MPL_NOTE =
  "Distributed here in compiled form, without changes. The source code is available under the\n" +
  "Mozilla Public License 2.0 at the address above.";

const RESVG = [
  {
    name: "resvg-js",
    version: "2.6.2",
    license: "MPL-2.0",
    copyright: "Copyright (c) 2021-present yisibl and contributors",
    source: github("yisibl/resvg-js/tree/v2.6.2"),
    note: MPL_NOTE,
  },
  {
    name: "resvg, usvg, usvg-parser, usvg-text-layout and usvg-tree",
    version: "0.34",
    license: "MPL-2.0",
    copyright: "Copyright (c) Yevhenii Reizner and the resvg authors",
    source: github("zimond/resvg/tree/3495d870"),
    note: MPL_NOTE,
  },
  ...CRATES,
];

/** The components inside each package, and the version of the package that was inspected. */
export const EMBEDDED = {
  "@hpcc-js/wasm-graphviz": { version: "1.29.2", components: GRAPHVIZ },
  "@resvg/resvg-wasm": { version: "2.6.2", components: RESVG },
  brotli: {
    version: "1.3.3",
    components: [
      {
        // The headers of the package's files say so. The dictionary of words is part of the format.
        name: "Brotli decoder and dictionary",
        license: "Apache-2.0",
        copyright: "Copyright 2013 Google Inc. All Rights Reserved.",
        source: github("google/brotli"),
      },
    ],
  },
  pako: {
    version: "3.0.3",
    components: [
      {
        name: "zlib, ported in pako",
        license: "Zlib",
        copyright: "Copyright (C) 1995-2017 Jean-loup Gailly and Mark Adler",
        source: "https://zlib.net/",
      },
    ],
  },
  re2js: {
    version: "2.10.0",
    components: [
      {
        name: "RE2/J, ported in RE2JS",
        license: "BSD-3-Clause",
        copyright: "Copyright (c) 2009 The Go Authors. All rights reserved.",
        source: github("google/re2j"),
      },
    ],
  },
  undici: {
    version: "7.30.2",
    components: [
      {
        name: "llhttp (WebAssembly)",
        license: "MIT",
        copyright: "Copyright Fedor Indutny, 2018.",
        source: github("nodejs/llhttp"),
      },
    ],
  },
};

/** Components inside several packages. */
export const SHARED = [
  {
    // Tables in emoji-regex, fontkit, linebreak, re2js, unicode-properties and the Rust crates.
    name: "Unicode Character Database, in several packages",
    license: "Unicode-3.0",
    copyright: "Copyright (c) 1991-2026 Unicode, Inc.",
    source: "https://www.unicode.org/Public/",
  },
];

/** Texts of SPDX exceptions, which spdx-license-list does not have. */
export const EXCEPTIONS = {
  "LLVM-exception": `---- LLVM Exceptions to the Apache 2.0 License ----

As an exception, if, as a result of your compiling your source code, portions
of this Software are embedded into an Object form of such source code, you
may redistribute such embedded portions in such Object form without complying
with the conditions of Sections 4(a), 4(b) and 4(d) of the License.

In addition, if you combine or link compiled forms of this Software with
software that is licensed under the GPLv2 ("Combined Software") and if a
court of competent jurisdiction determines that the patent provision (Section
3), the indemnity provision (Section 9) or other Section of the License
conflicts with the conditions of the GPLv2, you may retroactively and
prospectively choose to deem waived or otherwise exclude such Section(s) of
the License, but only in their entirety and only with respect to the Combined
Software.
`,
};
