#!/bin/sh
# Install Debian or Ubuntu packages: apt_install.sh PACKAGE...
# Fails, without a question, where that is not possible.
set -eu

command -v apt-get >/dev/null || exit 1
as_root=
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || exit 1
    as_root="sudo -n"
fi
echo "Installing with apt-get: $*" >&2
$as_root apt-get update -qq >&2
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >&2 </dev/null
