#!/usr/bin/env bash
# Runs a command where WebGPU computes on the processor, with the driver of Vulkan that Debian's package chromium brings (Linux), and
# the tests know it: test/webgpu/swiftshader.sh npx vitest run test/engine/runtime/onnx/webgpu.test.ts
# Chromium's own folder may be named in CHROMIUM_FOLDER. Debian 12's Mesa has such a driver, too, which the library refuses.
set -euo pipefail
folder=${CHROMIUM_FOLDER:-/usr/lib/chromium}
driver=$folder/vk_swiftshader_icd.json
[ -f "$driver" ] || { echo "There is no $driver: install chromium, or name its folder in CHROMIUM_FOLDER." >&2; exit 1; }
export WEBGPU=1 VK_DRIVER_FILES=$driver VK_ICD_FILENAMES=$driver LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
exec "$@"
