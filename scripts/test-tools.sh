#!/usr/bin/env bash
# What tests use for real: a Go toolchain (go tool pprof), tmux, less, binutils and LLVM's tools,
# a C++ compiler and gperftools' CPU profiler, two browsers, Graphviz, the reader of PDF files, and
# the shells that are completed in. Installs missing ones with apt-get if possible, and otherwise
# lists them. Also installs the npm packages in test/support/runners/, into a cache.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
for pair in go:golang-go tmux:tmux less:less c++filt:binutils llvm-objdump:llvm g++:g++ \
  zsh:zsh fish:fish chromium:chromium chromium-headless-shell:chromium-headless-shell \
  firefox-esr:firefox-esr \
  dot:graphviz pdftoppm:poppler-utils; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
echo '#include <gperftools/profiler.h>' | g++ -E -x c++ - >/dev/null 2>&1 ||
  missing+=(libgoogle-perftools-dev)

if [ "${#missing[@]}" -eq 0 ]; then
  :
elif [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing what the tests need: ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
else
  echo "The tests need: ${missing[*]} (Debian's names); install them and try again." >&2
  exit 1
fi

# The runners of TypeScript that tests record, unless an earlier run installed these versions.
runners=node_modules/.cache/tsprof-runners
lock=test/support/runners/package-lock.json
if ! cmp -s "$lock" "$runners/package-lock.json" ||
  [ ! -f "$runners/node_modules/.package-lock.json" ]; then
  mkdir -p "$runners"
  cp -r test/support/runners/. "$runners"
  # npm needs the real path of a folder below node_modules.
  npm ci --prefix "$(realpath "$runners")" --ignore-scripts --prefer-offline --no-audit \
    --loglevel=error >/dev/null
fi
