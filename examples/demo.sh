#!/usr/bin/env bash
# Scores every story of this folder, and shows the commands that do it. `make demo` runs it with
# the `leadscore` of the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."

show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

stories=(examples/*/model.score)
if [ ! -e "${stories[0]}" ]; then
  echo "examples/ holds no story (a folder with model.score and leads.csv)" >&2
  exit 1
fi

for model in "${stories[@]}"; do
  story=$(dirname "$model")
  tables=(--leads "$story/leads.csv")
  for table in events lists; do
    if [ -e "$story/$table.csv" ]; then tables+=("--$table" "$story/$table.csv"); fi
  done
  show leadscore check "$model" "${tables[@]:0:2}"
  show leadscore score "$model" "${tables[@]}"
done
