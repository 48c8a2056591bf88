#!/usr/bin/env bash
# Builds the wheel, installs it where there is no checkout, and runs what its README promises.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone --quiet . "$folder/source"
printf '\ndesk:\n  token: never-in-a-wheel-0123456789\n' >> "$folder/source/config/aggregator.yaml"
uv build --quiet --wheel --out-dir "$folder/dist" "$folder/source"
uv build --quiet --sdist --out-dir "$folder/sdist" "$folder/source"
mkdir "$folder/unpacked"
tar -xzf "$folder"/sdist/*.tar.gz -C "$folder/unpacked"
test -f "$folder"/unpacked/*/config/aggregator.yaml
if grep -rq never-in-a-wheel "$folder"/unpacked/*/config; then
    echo "the source archive holds a configuration in use" >&2
    exit 1
fi
uv build --quiet --wheel --out-dir "$folder/again" "$folder"/unpacked/*/
rm -rf "$folder/source/.git"
if uv build --quiet --wheel --out-dir "$folder/secret" "$folder/source" 2>/dev/null; then
    echo "a wheel was built of a configuration with a token" >&2
    exit 1
fi
uv venv --quiet "$folder/venv"
uv pip install --quiet --python "$folder/venv/bin/python" "$folder"/dist/*.whl
if grep -rq never-in-a-wheel "$folder"/venv/lib/python*/site-packages/aggregator/starter; then
    echo "the wheel holds a configuration in use" >&2
    exit 1
fi
cd "$folder"
venv/bin/aggregator init config
venv/bin/aggregator check
venv/bin/aggregator demo --publish site
test "$(grep -o '<item>' site/feeds/all.rss | wc -l)" -ge 30
printf '1 passed, 0 failed\n'
