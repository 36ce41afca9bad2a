// Lists the Rust crates inside @resvg/resvg-wasm, besides the crates of resvg itself. Names and
// versions come from the paths in the binary. Crates without a version leave no path there; they
// are dependencies in the Cargo.toml files of resvg-js 2.6.2 and of its crates.

/** Name | version | license | repository on GitHub | copyright, holders separated by ";". */
const TABLE = `
adler | - | 0BSD OR MIT OR Apache-2.0 | jonas-schievink/adler | Copyright (c) Jonas Schievink
adler32 | 1.2.0 | Zlib | remram44/adler32-rs | Copyright (c) Remi Rampin and contributors; Copyright (c) 1995-2003, 2006, 2011, 2016 Mark Adler
alloc-no-stdlib | 2.0.4 | BSD-3-Clause | dropbox/rust-alloc-no-stdlib | Copyright (c) 2016 Dropbox, Inc.
alloc-stdlib | - | BSD-3-Clause | dropbox/rust-alloc-no-stdlib | Copyright (c) 2016 Dropbox, Inc.
arrayref | - | BSD-2-Clause | droundy/arrayref | Copyright (c) 2015 David Roundy
arrayvec | 0.7.4 | MIT OR Apache-2.0 | bluss/arrayvec | Copyright (c) Ulrik Sverdrup "bluss" 2015-2023
base64 | 0.21.7 | MIT OR Apache-2.0 | marshallpierce/rust-base64 | Copyright (c) 2015 Alice Maz
bitflags | - | MIT OR Apache-2.0 | bitflags/bitflags | Copyright (c) 2014 The Rust Project Developers
bitvec | 1.0.1 | MIT | ferrilab/bitvec | Copyright (c) 2018 myrrlyn (Alexander Payne)
brotli | - | BSD-3-Clause AND MIT | dropbox/rust-brotli | Copyright (c) 2016 Dropbox, Inc.; Copyright (c) 2009, 2010, 2013-2016 by the Brotli Authors
brotli-decompressor | 2.5.1 | BSD-3-Clause OR MIT | dropbox/rust-brotli-decompressor | Copyright (c) 2016 Dropbox, Inc.; Copyright (c) 2009, 2010, 2013-2016 by the Brotli Authors
bytemuck | 1.15.0 | Zlib OR MIT OR Apache-2.0 | Lokathor/bytemuck | Copyright (c) 2019 Daniel "Lokathor" Gee
bytes | 1.6.0 | MIT | tokio-rs/bytes | Copyright (c) 2018 Carl Lerche
cfg-if | - | MIT OR Apache-2.0 | rust-lang/cfg-if | Copyright (c) 2014 Alex Crichton
color_quant | - | MIT | image-rs/color_quant | Copyright (c) 2016 PistonDevelopers
crc32fast | - | MIT OR Apache-2.0 | srijs/rust-crc32fast | Copyright (c) 2018 Sam Rijs, Alex Crichton and contributors
data-url | 0.2.0 | MIT OR Apache-2.0 | servo/rust-url | Copyright (c) 2013-2022 The rust-url developers
deflate | 1.0.0 | MIT OR Apache-2.0 | image-rs/deflate-rs | By oyvindln and contributors
dlmalloc | - | MIT OR Apache-2.0 | alexcrichton/dlmalloc-rs | Copyright (c) 2014 Alex Crichton
flate2 | 1.0.28 | MIT OR Apache-2.0 | rust-lang/flate2-rs | Copyright (c) 2014 Alex Crichton
float-cmp | - | MIT | mikedilger/float-cmp | Copyright (c) 2014-2020 Optimal Computing (NZ) Ltd
fontdb | 0.14.1 | MIT | RazrFalcon/fontdb | Copyright (c) 2020 Yevhenii Reizner
four-cc | - | MIT OR Apache-2.0 | dholroyd/four-cc | By David Holroyd and contributors
funty | - | MIT | myrrlyn/funty | Copyright (c) 2020 myrrlyn (Alexander Payne)
gif | 0.12.0 | MIT OR Apache-2.0 | image-rs/image-gif | Copyright (c) 2015 nwin
hashbrown | - | MIT OR Apache-2.0 | rust-lang/hashbrown | Copyright (c) 2016 Amanieu d'Antras
imagesize | 0.12.0 | MIT | Roughsketch/imagesize | Copyright (c) 2017 Maiddog
itoa | - | MIT OR Apache-2.0 | dtolnay/itoa | By David Tolnay
jpeg-decoder | 0.3.1 | MIT OR Apache-2.0 | image-rs/jpeg-decoder | By Ulf Nilsson and the image-rs developers
js-sys | - | MIT OR Apache-2.0 | rustwasm/wasm-bindgen | Copyright (c) 2014 Alex Crichton
kurbo | 0.9.5 | MIT OR Apache-2.0 | linebender/kurbo | Copyright (c) 2018 Raph Levien
log | - | MIT OR Apache-2.0 | rust-lang/log | Copyright (c) 2014 The Rust Project Developers
miniz_oxide | 0.5.4 | MIT OR Zlib OR Apache-2.0 | Frommi/miniz_oxide | Copyright 2013-2014 RAD Game Tools and Valve Software; Copyright 2010-2014 Rich Geldreich and Tenacious Software LLC; Copyright (c) 2017, 2020 Frommi; Copyright (c) 2017-2024 oyvindln
miniz_oxide | 0.7.2 | MIT OR Zlib OR Apache-2.0 | Frommi/miniz_oxide | Copyright 2013-2014 RAD Game Tools and Valve Software; Copyright 2010-2014 Rich Geldreich and Tenacious Software LLC; Copyright (c) 2017, 2020 Frommi; Copyright (c) 2017-2024 oyvindln
once_cell | - | MIT OR Apache-2.0 | matklad/once_cell | By Aleksey Kladov
pathfinder_content | 0.5.0 | MIT OR Apache-2.0 | servo/pathfinder | Copyright (c) 2017-2020 The Pathfinder Project Developers
pathfinder_geometry | - | MIT OR Apache-2.0 | servo/pathfinder | Copyright (c) 2017-2020 The Pathfinder Project Developers
pathfinder_simd | - | MIT OR Apache-2.0 | servo/pathfinder | Copyright (c) 2017-2020 The Pathfinder Project Developers
png | 0.17.5 | MIT OR Apache-2.0 | image-rs/image-png | Copyright (c) 2015 nwin
radium | - | MIT | bitvecto-rs/radium | Copyright (c) 2019 kneecaw (Nika Layzell)
rctree | 0.5.0 | MIT | RazrFalcon/rctree | Copyright (c) 2018 Simon Sapin; Copyright (c) 2018 Yevhenii Reizner
rgb | - | MIT | kornelski/rust-rgb | Copyright (c) 2019 Kornel
roxmltree | 0.18.1 | MIT OR Apache-2.0 | RazrFalcon/roxmltree | Copyright (c) 2018 Yevhenii Reizner
Rust standard library, with compiler-builtins | 1.76.0-nightly (d86d65bbc 2023-12-10) | (MIT OR Apache-2.0) AND Apache-2.0 WITH LLVM-exception | rust-lang/rust | Copyright (c) The Rust Project Contributors; Copyright (c) the LLVM project's contributors
rustybuzz | 0.7.0 | MIT | harfbuzz/rustybuzz | Copyright (c) HarfBuzz developers; Copyright (c) 2020 Yevhenii Reizner
ryu | - | Apache-2.0 OR BSL-1.0 | dtolnay/ryu | By David Tolnay
safer-bytes | - | MIT | danieleades/safer-bytes | By Daniel Eades
serde | - | MIT OR Apache-2.0 | serde-rs/serde | By Erick Tryzelaar and David Tolnay
serde_json | 1.0.115 | MIT OR Apache-2.0 | serde-rs/json | By Erick Tryzelaar and David Tolnay
simplecss | 0.2.1 | MIT OR Apache-2.0 | linebender/simplecss | Copyright (c) 2018 Yevhenii Reizner
siphasher | - | MIT OR Apache-2.0 | jedisct1/rust-siphash | Copyright (c) 2012-2016 The Rust Project Developers; Copyright (c) 2016-2026 Frank Denis
slotmap | 1.0.7 | Zlib | orlp/slotmap | Copyright (c) 2021 Orson Peters
smallvec | 1.13.2 | MIT OR Apache-2.0 | servo/rust-smallvec | Copyright (c) 2018 The Servo Project Developers
strict-num | - | MIT | RazrFalcon/strict-num | Copyright (c) 2022 Yevhenii Reizner
svgtypes | 0.11.0 | MIT OR Apache-2.0 | linebender/svgtypes | Copyright (c) 2018 Yevhenii Reizner
svgtypes | 0.14.0 | MIT OR Apache-2.0 | linebender/svgtypes | Copyright (c) 2018 Yevhenii Reizner
tap | - | MIT | myrrlyn/tap | Copyright (c) 2017 Elliot Linder
thiserror | - | MIT OR Apache-2.0 | dtolnay/thiserror | By David Tolnay
tiny-skia | 0.10.0 | BSD-3-Clause | linebender/tiny-skia | Copyright (c) 2011 Google Inc. All rights reserved.; Copyright (c) 2020 Yevhenii Reizner. All rights reserved.
tiny-skia-path | 0.10.0 | BSD-3-Clause | linebender/tiny-skia | Copyright (c) 2011 Google Inc. All rights reserved.; Copyright (c) 2020 Yevhenii Reizner. All rights reserved.
tinyvec | 1.6.0 | Zlib OR MIT OR Apache-2.0 | Lokathor/tinyvec | Copyright (c) 2019 Daniel "Lokathor" Gee
tinyvec_macros | - | MIT OR Apache-2.0 OR Zlib | Soveu/tinyvec_macros | Copyright (c) 2020 Tomasz "Soveu" Marx
ttf-parser | 0.18.1 | MIT OR Apache-2.0 | harfbuzz/ttf-parser | Copyright (c) 2018 Yevhenii Reizner
unicode-bidi | 0.3.15 | MIT OR Apache-2.0 | servo/unicode-bidi | Copyright (c) 2015 The Rust Project Developers
unicode-bidi-mirroring | - | MIT OR Apache-2.0 | RazrFalcon/unicode-bidi-mirroring | Copyright (c) 2018 Yevhenii Reizner
unicode-ccc | - | MIT OR Apache-2.0 | RazrFalcon/unicode-ccc | Copyright (c) 2018 Yevhenii Reizner
unicode-general-category | 0.6.0 | Apache-2.0 | yeslogic/unicode-general-category | Copyright YesLogic Pty. Ltd.
unicode-script | - | MIT OR Apache-2.0 | unicode-rs/unicode-script | Copyright (c) 2015 The Rust Project Developers
unicode-vo | - | MIT OR Apache-2.0 | RazrFalcon/unicode-vo | Copyright (c) 2018 Yevhenii Reizner
wasm-bindgen | 0.2.92 | MIT OR Apache-2.0 | rustwasm/wasm-bindgen | Copyright (c) 2014 Alex Crichton
weezl | 0.1.8 | MIT OR Apache-2.0 | image-rs/weezl | Copyright (c) HeroicKatora 2020
woff2 | 0.3.0 | Apache-2.0 | yisibl/woff2-rs/tree/88cce4c | By Brian Hanechak and Emily Crandall Fleischman (Cimpress)
wyz | - | MIT | myrrlyn/wyz | Copyright (c) 2018 myrrlyn (Alexander Payne)
xmlparser | 0.13.6 | MIT OR Apache-2.0 | RazrFalcon/xmlparser | Copyright (c) 2018 Yevhenii Reizner
xmlwriter | 0.1.0 | MIT | RazrFalcon/xmlwriter | Copyright (c) 2019 Yevhenii Reizner
`;

/** @type {import("./embedded-components.mjs").Component[]} */
export const CRATES = TABLE.trim()
  .split("\n")
  .map((line) => {
    const [name, version, license, repository, copyright] = line.split(" | ");
    return {
      name,
      ...(version === "-" ? {} : { version }),
      license,
      copyright: copyright.replaceAll("; ", "\n"),
      source: `https://github.com/${repository}`,
    };
  });
