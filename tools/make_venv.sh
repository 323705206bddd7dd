#!/bin/sh
# Make a virtual environment: make_venv.sh PYTHON DIRECTORY. Debian keeps the venv module in a package of its own.
set -eu
python=$1 directory=$2
rm -rf "$directory"
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "python$version-venv" >/dev/null
fi
"$python" -m venv "$directory"
