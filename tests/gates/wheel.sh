#!/usr/bin/env bash
# Builds the wheel, installs it where there is no checkout, and runs what its README promises.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
uv build --quiet --wheel --out-dir "$folder/dist"
uv venv --quiet "$folder/venv"
uv pip install --quiet --python "$folder/venv/bin/python" "$folder"/dist/*.whl
cd "$folder"
venv/bin/aggregator init config
venv/bin/aggregator check
venv/bin/aggregator demo --publish site
test "$(grep -o '<item>' site/feeds/all.rss | wc -l)" -ge 30
printf '1 passed, 0 failed\n'
