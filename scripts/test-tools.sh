#!/usr/bin/env bash
# What tests use for real: a Go toolchain (go tool pprof), tmux, less, binutils and LLVM's tools,
# a C++ compiler and gperftools' CPU profiler, a browser, Graphviz, the reader of PDF files, and
# the shells that are completed in.
# Installs those that are missing where apt-get can; elsewhere says what to install.
set -euo pipefail

missing=()
for pair in go:golang-go tmux:tmux less:less c++filt:binutils llvm-objdump:llvm g++:g++ \
  zsh:zsh fish:fish chromium:chromium chromium-headless-shell:chromium-headless-shell \
  dot:graphviz pdftoppm:poppler-utils; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
echo '#include <gperftools/profiler.h>' | g++ -E -x c++ - >/dev/null 2>&1 ||
  missing+=(libgoogle-perftools-dev)
[ "${#missing[@]}" -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing what the tests need: ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
else
  echo "The tests need: ${missing[*]} (Debian's names); install them and try again." >&2
  exit 1
fi
