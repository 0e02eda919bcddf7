#!/usr/bin/env bash
# usage: install.sh DIR   Puts llama.cpp's own library (the npm package node-llama-cpp, for this platform's processor alone) in
# DIR/node_modules. Tests hold the ids of GGUF files' tokenizers against it where LLAMA_CPP names DIR. Needs npm.
set -euo pipefail
mkdir -p "${1:?usage: install.sh DIR}"
cd "$1"
version=3.22.1
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-arm64) platform=mac-arm64-metal ;;
  Darwin-x86_64) platform=mac-x64 ;;
  *) echo "no library of llama.cpp for this platform" >&2; exit 1 ;;
esac
[ -f package.json ] || npm init -y >/dev/null
# Without the optional packages, which are 700 MB for graphics cards and other platforms.
npm install --ignore-scripts --omit=optional --no-audit --no-fund --silent "node-llama-cpp@$version" "@node-llama-cpp/$platform@$version"
