#!/usr/bin/env bash
# usage: build.sh DIR   Puts a working @tensorflow/tfjs-node 4.22.0 in DIR/node_modules (Linux x64, Node 20 to 24), where its
# own install step cannot download: TensorFlow's libraries and headers are taken from the Python package tensorflow-cpu (207 MB), and the
# addon is compiled (Node-API 8: one binary for all those versions). Needs npm, pip, python3 and g++.
set -euo pipefail
mkdir -p "${1:?usage: build.sh DIR}"
cd "$1"
version=2.15.1
work=$(mktemp -d "$PWD/.build.XXXX")
trap 'rm -rf "$work"' EXIT

[ -f package.json ] || npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent @tensorflow/tfjs-node@4.22.0
npm install --prefix "$work" --no-audit --no-fund --silent node-api-headers@1
package=$PWD/node_modules/@tensorflow/tfjs-node
libraries=$package/deps/lib

pip download -q --no-cache-dir --disable-pip-version-check --no-deps -d "$work" --python-version 3.11 --only-binary=:all: \
  --platform manylinux_2_27_x86_64 --platform manylinux_2_17_x86_64 "tensorflow-cpu==$version"
rm -rf "$package/deps"
mkdir -p "$libraries" "$package/lib/napi-v8"
python3 - "$work"/tensorflow_cpu-"$version"-*.whl "$package/deps" <<'PY'
import os, shutil, sys, zipfile
wheel, out = zipfile.ZipFile(sys.argv[1]), sys.argv[2]
for name in wheel.namelist():
    if name in ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2"):
        target = out + "/lib/" + os.path.basename(name)
    elif name.startswith("tensorflow/include/") and name.endswith(".h") and any(
        part in name for part in ("/tensorflow/c/", "/core/platform/ctstring", "/tsl/")
    ):
        target = out + name[len("tensorflow"):]
    else:
        continue
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with wheel.open(name) as source, open(target, "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
PY
strip --strip-unneeded "$libraries"/*.so.2
ln -s libtensorflow_cc.so.2 "$libraries/libtensorflow.so"
ln -s libtensorflow_framework.so.2 "$libraries/libtensorflow_framework.so"
g++ -O2 -fPIC -shared -std=c++17 -DNAPI_VERSION=8 -I"$work/node_modules/node-api-headers/include" -I"$package/deps/include" \
  "$package"/binding/tfjs_{backend,binding}.cc -o "$package/lib/napi-v8/tfjs_binding.node" \
  -L"$libraries" -ltensorflow -ltensorflow_framework '-Wl,-rpath,$ORIGIN/../../deps/lib'
