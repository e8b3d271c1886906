#!/usr/bin/env bash
# The steps of action.yml: action.sh check|fmt|test. What to do comes in the environment:
# LEADSCORE (a Python that has it), FILES, ARGUMENTS (one a line), FORMAT, SARIF_FILE, FAIL_UNDER.
set -euo pipefail

lines() {
  local line
  while IFS= read -r line; do
    line="${line%$'\r'}"
    if [ -n "$line" ]; then printf '%s\0' "$line"; fi
  done <<<"$1"
}

leadscore() {
  "$LEADSCORE" -m leadscore "$@"
}

files=()
while IFS= read -r -d '' each; do files+=("$each"); done < <(lines "$FILES")
if [ "${#files[@]}" = 0 ]; then files=(.); fi

case "$1" in
  check)
    arguments=()
    while IFS= read -r -d '' each; do arguments+=("$each"); done < <(lines "${ARGUMENTS:-}")
    if [ "$FORMAT" = sarif ]; then
      leadscore check --format sarif "${arguments[@]}" -- "${files[@]}" >"$SARIF_FILE"
    else
      leadscore check --format "$FORMAT" "${arguments[@]}" -- "${files[@]}"
    fi
    ;;
  fmt)
    leadscore fmt --diff -- "${files[@]}"
    ;;
  test)
    if [ -n "${FAIL_UNDER:-}" ]; then
      leadscore test --fail-under "$FAIL_UNDER" -- "${files[@]}"
    else
      leadscore test -- "${files[@]}"
    fi
    ;;
  *)
    echo "action.sh: no such step: $1" >&2
    exit 2
    ;;
esac
