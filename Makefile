# make demo: see a generated app.  make test: every promise once, in minutes.
# make test-all: everything, in an hour.
# Without make: the commands below, with uv for "$(UV)".

UV = sh scripts/uv.sh

.PHONY: demo test test-all check format benchmarks screenshots

demo: ## scaffold the default project into demo/ and start it
	$(UV) run scripts/demo.py

# Tests start hundreds of processes. Where Python may write no bytecode, each would compile anew.
test test-all: export UV_COMPILE_BYTECODE = true
test test-all: export PYTHONDONTWRITEBYTECODE =
test: ## install what the tests need, then check and test every promise once
	sh scripts/install_test_tools.sh
	$(MAKE) check
	$(UV) run pytest -n auto --dist worksteal

test-all: ## the same, with all that CONTRIBUTING lists; TESTS=tests/browser is a part of it
	sh scripts/install_test_tools.sh all
	$(MAKE) check
	$(UV) run pytest -n auto --dist worksteal -m "" $(TESTS)

check: ## lint, format, types on the oldest Python and the newest, spelling
	$(UV) run ruff check
	$(UV) run ruff format --check
	$(UV) run mypy --python-version 3.11
	$(UV) run mypy --python-version 3.14
	$(UV) run codespell

format: ## fix what can be fixed without thinking
	$(UV) run ruff check --fix
	$(UV) run ruff format

benchmarks: ## the figures of docs/figures.md
	set -e; for name in bake browser collections crowd empty_pages first keeping loads logins passwords second_factor sessions users wall; do $(UV) run python -m "benchmarks.$$name"; done

screenshots: ## the pictures of the README
	$(UV) run python -m scripts.take_screenshots
