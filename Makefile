# The recipes. `make check test` is what a change must pass.
.PHONY: check test bench docs format fuzz

check:
	uv run ruff format --check
	uv run ruff check
	uv run mypy
	uv run lint-imports
	uv run deptry .

format:
	uv run ruff format
	uv run ruff check --fix

test:
	uv run pytest

bench:
	for script in tests/bench/*.py; do uv run python "$$script" || exit 1; done

fuzz:
	for target in read extract parse_date render query charset; do uv run --group fuzz python tests/fuzz/fuzz.py $$target --seconds 120 || exit 1; done

docs:
	uv run python docs/generate.py
