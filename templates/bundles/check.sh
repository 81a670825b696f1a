#!/bin/sh
# Checks this bundle with sha256sum, git and, where there are signatures, ssh-keygen alone.
# It writes into a folder of its own, and takes that away again. Status 0: all is as it was.
set -eu
cd "$$(dirname "$$0")"
bad=0
say_bad() { echo "NOT SO: $$*"; bad=1; }

sha256sum --check --strict --quiet SHA256SUMS || say_bad "a file of this bundle is not as it was packed"

work=$$(mktemp -d)
trap 'rm -rf "$$work"' EXIT
git init --quiet --bare "$$work/objects"
git -C "$$work/objects" unpack-objects -q <proof/objects.pack
while IFS= read -r name; do
  there=$$(git -C "$$work/objects" show "$commit:$$name" | sha256sum)
  here=$$(sha256sum <"files/$$name")
  [ "$$there" = "$$here" ] || say_bad "$$name is not what stood in the commit"
done <proof/files.txt

before="" seq=""
while IFS= read -r line; do
  hash=$$(printf '%s' "$$line" | sed 's/.*,"hash":"\([0-9a-f]\{64\}\)".*/\1/')
  made=$$(printf '%s' "$$line" | sed 's/,"hash":"[0-9a-f]\{64\}"//' | sha256sum | cut -d ' ' -f 1)
  [ "$$made" = "$$hash" ] || say_bad "a line of the ledger does not fit its hash $$hash"
  prev=$$(printf '%s' "$$line" | sed 's/.*"prev":"\([0-9a-f]\{64\}\)".*/\1/')
  next=$$(printf '%s' "$$line" | sed 's/.*"seq":\([0-9]*\)[,}].*/\1/')
  if [ -n "$$seq" ] && [ "$$next" -eq "$$((seq + 1))" ] && [ "$$prev" != "$$before" ]; then
    say_bad "line $$next of the ledger does not follow from the one before"
  fi
  before=$$hash seq=$$next
done <proof/ledger.jsonl

[ "$$bad" -eq 0 ] && echo "All of it is as it was."
exit "$$bad"
