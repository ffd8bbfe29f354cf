#!/bin/sh
# Run uv. Where the machine has none, install it into .tools/ first.
set -eu

tools=$(cd "$(dirname "$0")/.." && pwd)/.tools

# A shim can be on the PATH with no uv behind it.
if uv --version >/dev/null 2>&1; then
    exec uv "$@"
fi

if [ ! -x "$tools/bin/uv" ]; then
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "Python 3.11 or newer is needed, as the command python3." >&2
        exit 1
    fi
    # Debian keeps this part of Python in a package of its own.
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if ! sh "$(dirname "$0")/apt_install.sh" "python$version-venv"; then
            echo "Please install uv, or the package python$version-venv." >&2
            exit 1
        fi
    fi
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check uv
fi
exec "$tools/bin/uv" "$@"
