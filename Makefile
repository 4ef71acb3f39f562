# What people need, by name. `make` shows it.

# The first of these that runs here.
PYTHONS := python3.11 python3.12 python3.13 python3
PYTHON ?= $(or $(firstword $(foreach name,$(PYTHONS),$(shell \
	$(name) -c "import sys; print('$(name)' if sys.version_info >= (3, 11) else '')" 2>/dev/null))), \
	$(error no Python 3.11 or later was found; name one: make match PYTHON=/where/it/is))
VENV := .venv
BIN := $(VENV)/bin
PHOTO ?= tests/photos/astronaut.jpg
DATA ?= ../shared/data
WORK ?= work
# Nothing is resolved, and nothing is built from source: what is installed is what requirements/
# names, by its checksum.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps
INSTALL := $(PIP) --require-hashes --only-binary :all:
# pip would compile modules on one core, and Python those of src at their first import, unless it is
# told to write none: then it would compile them for every answer.
COMPILE := $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib/python3*/site-packages src || true

.PHONY: help match setup stages develop test lint format requirements docs wheel sample model figures bench image image-test \
	clean

help:  ## Show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

match: setup  ## Whom does PHOTO look like? (sets up what answering needs)
	$(BIN)/starlike match "$(PHOTO)"

setup: $(VENV)/.setup  ## Set up the program to answer: .venv/bin/starlike

$(VENV)/.setup: requirements/build.txt requirements/answer.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements/build.txt -r requirements/answer.txt
	$(PIP) --no-build-isolation --editable .
	$(COMPILE)
	touch $@

stages: $(VENV)/.stages  ## Add what collecting, training and serving need

$(VENV)/.stages: $(VENV)/.setup requirements/stages.txt
	$(INSTALL) -r requirements/stages.txt
	$(COMPILE)
	touch $@

develop: $(VENV)/.develop  ## Add what tests, linting and building need

# The models of face_recognition alone come as source: files in a package of plain Python.
$(VENV)/.develop: $(VENV)/.stages requirements/develop.txt requirements/reference.txt
	$(INSTALL) -r requirements/develop.txt
	$(PIP) --require-hashes --no-build-isolation -r requirements/reference.txt
	$(COMPILE)
	touch $@

test: develop lint  ## Check everything: lint and tests
	$(BIN)/pytest -n auto --maxprocesses 4 --durations 25

lint: develop  ## Check format, style, types, and who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/mypy

format: develop  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements:  ## Pin every dependency anew, with its checksum (needs uv)
	uv pip compile pyproject.toml $(PINNED) --all-extras -o requirements/stages.txt
	uv pip compile pyproject.toml $(PINNED) $(AS_STAGES) -o requirements/answer.txt
	uv pip compile pyproject.toml $(PINNED) $(AS_STAGES) --extra serve -o requirements/serve.txt
	uv pip compile $(PINNED) $(AS_STAGES) --group build -o requirements/build.txt
	uv pip compile $(PINNED) $(AS_STAGES) --group dev -c requirements/build.txt -o requirements/develop.txt
	uv pip compile $(PINNED) $(AS_STAGES) --group reference -o requirements/reference.txt
	set -e; for python in 3.11 3.12 3.13; do for file in answer stages serve build develop; do \
		uv pip install --quiet --dry-run --no-deps --require-hashes --only-binary :all: --target build \
			--python-version $$python -r requirements/$$file.txt; \
	done; done
PINNED := --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate
# Whatever is in two files is the same in both, for one is installed over the other.
AS_STAGES := -c requirements/stages.txt

docs: develop  ## Build the documentation site into build/docs
	$(BIN)/sphinx-build -W --keep-going -q -b html docs build/docs

wheel: develop  ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

sample: stages  ## Prepare DATA/celebrities into WORK/sample
	$(BIN)/starlike prepare $(DATA)/celebrities --out $(WORK)/sample

# People who are said to look alike, to measure likeness by.
PAIRS := pairs/celebrities.csv
# The figures come from replicates of what ships: the same recipe, with test images and, for
# agreement, some people kept aside, others in each.
REPLICATES := 0 1 2 3 4
model: sample  ## Make the model that ships again, and its card, from DATA
	set -e; for seed in $(REPLICATES); do \
		$(BIN)/starlike train $(WORK)/sample --out $(WORK)/replicate$$seed --leave-out 80 --seed $$seed \
			--groups groups; \
	done
	$(BIN)/starlike train $(WORK)/sample --out src/starlike/default_model --all --groups groups
	$(BIN)/starlike evaluate $(firstword $(REPLICATES:%=$(WORK)/replicate%)) $(WORK)/sample \
		$(patsubst %,--replicate $(WORK)/replicate%,$(wordlist 2,9,$(REPLICATES))) --out $(WORK)/replicate_figures \
		--pairs $(PAIRS) --card src/starlike/default_model --choice docs/choice --made-by "make model"

figures: sample  ## The README's tables: all people, the 233 of the reference, the seed recipe
	$(BIN)/starlike train $(WORK)/sample --out $(WORK)/all
	$(BIN)/starlike evaluate $(WORK)/all $(WORK)/sample --pairs $(PAIRS) --out $(WORK)/all_figures
	$(BIN)/starlike train $(WORK)/sample --out $(WORK)/reference --classes $(DATA)/reference_233.txt
	$(BIN)/starlike evaluate $(WORK)/reference $(WORK)/sample --pairs $(PAIRS) --out $(WORK)/reference_figures
	$(BIN)/starlike train $(WORK)/sample --out $(WORK)/seed --classes $(DATA)/reference_233.txt \
		--recipe recipes/seed.json
	$(BIN)/starlike evaluate $(WORK)/seed $(WORK)/sample --pairs $(PAIRS) --out $(WORK)/seed_figures

# With PHOTOS, a folder of photos, what is found goes into the documents. WITH_DLIB is another
# Python that has face_recognition, BENCH any further options, such as --quick.
bench: develop  ## Time starlike beside face_recognition, on PHOTOS or the one that is here
	$(BIN)/python -m benchmarks.speed $(if $(PHOTOS),--photos "$(PHOTOS)" $(BENCH_KEPT)) \
		$(if $(WITH_DLIB),--with-dlib "$(WITH_DLIB)") $(BENCH)
	$(if $(PHOTOS),$(BIN)/python docs/tables.py)
BENCH_KEPT := --json docs/benchmarks.json --plot docs/images/speed.png

image: requirements/serve.txt  ## Build the container image with ENGINE
	$(ENGINE) build --build-arg REVISION=$$(git rev-parse HEAD) --tag starlike:0.1.0 .
ENGINE ?= docker

image-test:  ## Build the image without an engine and have it answer (root on a Debian)
	.ci/image

clean:  ## Remove what was made here, but not the environment
	rm -rf build dist $(WORK) .mypy_cache .pytest_cache .ruff_cache
