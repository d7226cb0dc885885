# SPDX-License-Identifier: MIT
# The face of Calx. `make help` lists what there is; the work is done by cook and scripts/.

MAKEFLAGS += --no-print-directory
COOK = build/host/cook
export PATH := $(CURDIR)/build/host:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup host run test image iso disk repo catalogue bench lint clean distclean FORCE

help:
	@sed -n 's/^## //p' Makefile

## make run        install what the host lacks, build all, boot to a shell prompt
run: image
	@scripts/run

## make test       run all tests; `make test AREAS="libc fs"` some of them
test: setup host
	@scripts/setup --tests
	@scripts/test $(AREAS)

## make image      the disk image build/image/calx.img, filled by pkg from the repository
image: host
	@scripts/repo --first
	@scripts/image

## make iso        a GRUB ISO that boots on BIOS and UEFI: build/image/calx.iso
iso: host
	@scripts/iso

## make disk       a disk that boots by itself, BIOS and UEFI: build/image/calx-disk.img
disk: image
	@scripts/disk

## make repo       build every port and lay out the signed repository build/repo
repo: host
	@scripts/repo

## make catalogue  web pages of all that is in build/repo: build/catalogue/index.html
catalogue: host
	@build/host/repo catalogue -t . -c "$${XDG_CACHE_HOME:-$$HOME/.cache}/calx" build/repo build/catalogue

## make port-NAME  build one port
port-%: host
	@$(COOK) build $*

## make bench      measure: guest instructions an operation, boot, IPC, sizes, build times
bench: image
	@scripts/bench

## make lint       check recipes, patches and sources
lint: host
	@$(COOK) lint

## make setup      only install what the host lacks
setup:
	@scripts/setup

## make host       the host's tools: cook, repo, pkg, calxfs in build/host
host: setup
	@scripts/host

## make clean      remove build/; what cook built stays in its cache
clean:
	rm -rf build

## make distclean  remove build/ and the cache of cook
distclean: clean
	@scripts/distclean
