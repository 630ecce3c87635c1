.DEFAULT_GOAL := help
.PHONY: help demo test validate lint bench load fuzz clean
.NOTPARALLEL:

help:
	@echo 'make demo      guidance for a client whose therapy has stalled'
	@echo 'make test      the whole test suite, on every Python of 3.11, 3.12 and 3.13 that is here; ARGS="…" goes to pytest'
	@echo 'make validate  the shipped rules: check, cases with coverage and slips, laws, analysis'
	@echo 'make lint      ruff and mypy'
	@echo 'make bench     the table of docs/performance.md, measured here'
	@echo 'make load      the service under load for a minute: what it holds, how fast, and what stands on record'
	@echo 'make fuzz      the laws and the fuzz tests on far more examples, which takes long'
	@echo 'make clean     removes what the others made'

demo:
	@scripts/in-venv demo cdsrules evaluate examples/stalled.json

# MALLOC_PERTURB_ fills what the C library frees with rubbish: a use of freed memory in the durable-rules engine then
# fails here and not at a client's.
test: export MALLOC_PERTURB_ = 165
test:
	@scripts/in-venv --every test python -m pytest --numprocesses=auto --dist=worksteal $(ARGS)

# Whether the shipped rules can be used, what their cases defend, what holds for every client, and what no case can show.
validate:
	@scripts/in-venv test cdsrules check
	@scripts/in-venv test cdsrules test --coverage --mutate --fail-under 90
	@scripts/in-venv test cdsrules laws
	@scripts/in-venv test cdsrules analyse

lint:
	@scripts/in-venv test ruff check .
	@scripts/in-venv test ruff format --check .
	@scripts/in-venv test mypy

bench:
	@scripts/in-venv bench python -m benchmarks $(ARGS)

load:
	@scripts/in-venv bench python -m benchmarks.load $(ARGS)

fuzz:
	@scripts/in-venv test python -m pytest --numprocesses=auto --hypothesis-profile=fuzz -m 'fuzz or hypothesis' $(ARGS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
