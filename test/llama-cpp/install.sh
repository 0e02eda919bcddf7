#!/usr/bin/env bash
# usage: install.sh DIR   Puts llama.cpp's own library (the npm package node-llama-cpp, for this platform's processor alone) in
# DIR/node_modules, and koffi, which calls functions of libraries. Where LLAMA_CPP names DIR, tests hold against it the ids of GGUF files'
# tokenizers, what models predict, and quantised weights. Needs npm.
set -euo pipefail
mkdir -p "${1:?usage: install.sh DIR}"
cd "$1"
version=3.22.1
koffi=3.3.4
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64; koffi_platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64; koffi_platform=linux-arm64 ;;
  Darwin-arm64) platform=mac-arm64-metal; koffi_platform=darwin-arm64 ;;
  Darwin-x86_64) platform=mac-x64; koffi_platform=darwin-x64 ;;
  *) echo "no library of llama.cpp for this platform" >&2; exit 1 ;;
esac
[ -f package.json ] || npm init -y >/dev/null
# Without the optional packages, which are 700 MB for graphics cards and other platforms.
npm install --ignore-scripts --omit=optional --no-audit --no-fund --silent "node-llama-cpp@$version" "@node-llama-cpp/$platform@$version" \
  "koffi@$koffi" "@koromix/koffi-$koffi_platform@$koffi"
