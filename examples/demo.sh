#!/usr/bin/env bash
# One screen of what leadscore does, with the commands that do it. `make demo` runs it with the
# `leadscore` of the checkout. The READMEs beside the models tell the stories.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v leadscore >/dev/null; then
  echo "leadscore is not on the PATH; run: make demo" >&2
  exit 1
fi

# What a command says about the data is for the READMEs; where one fails, it is shown.
said=$(mktemp)
finish() {
  local code=$?
  if [ "$code" -ne 0 ]; then cat "$said" >&2; fi
  rm -f "$said"
}
trap finish EXIT

show() {
  printf '$ %s\n' "$*"
  "$@" 2>"$said"
}

# The header and the best rows of a story's scores (CSV on standard input), in columns.
best() {
  {
    IFS= read -r header
    printf '%s\n' "$header"
    LC_ALL=C sort -t, -k2 -rn | sed -n "1,$1p"
  } | awk -F, '{ printf "  %-13s", $1; for (i = 2; i <= 6; i++) printf "%12s", $i; print "" }'
}

# How many leads get which label, from the column of the CSV that is named.
labels() {
  awk -F, -v column="$1" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) place = i; next }
    { leads++; if ($place != "") count[$place]++ }
    END {
      while (1) {
        best = ""
        for (label in count)
          if (best == "" || count[label] > count[best] ||
              (count[label] == count[best] && label < best)) best = label
        if (best == "") break
        text = text (text == "" ? "" : ", ") count[best] " " best
        delete count[best]
      }
      print leads " leads: " text
    }'
}

# One line about a story: its folder, its model, the column with the label, and its tables. The
# leads are in leads.csv, or where the variable `leads` says.
story() {
  local folder=$1 model=$2 column=$3 as_of=$4
  shift 4
  printf '%-24s' "$folder"
  (cd "$folder" && leadscore score "$model" --leads "${leads:-leads.csv}" "$@" --as-of "$as_of" 2>"$said" |
    labels "$column")
}

tables=(--leads leads.csv --events events.csv --as-of 2026-06-01)
cd 02-hubspot
show leadscore check combined.score
show leadscore test combined.score
printf '$ leadscore score combined.score %s --lists lists.csv   # the best of 120\n' "${tables[*]}"
leadscore score combined.score "${tables[@]}" --lists lists.csv 2>"$said" | best 2
cd ../08-personas
show leadscore explain new_business.score "${tables[@]}" --lead C516 | grep -v '^$'
cd ..

echo '$ leadscore score ...  for the other stories'
day=2026-06-01
story 01-first-model model.score label $day --events events.csv
story 03-plus-and-minus model.score label $day --lists lists.csv
story 04-six-steps model.score label $day --events events.csv
story 05-three-times-fifteen model.score label $day --events events.csv --lists lists.csv
story 06-gitlab model.score label $day --events events.csv --lists lists.csv
story 07-eloqua model.score label $day --events events.csv
story 09-win-back model.score label $day --events events.csv --lists lists.csv
story 10-product-usage model.score label $day --events events.csv
story 11-leadforge model.score label 2024-03-01 --events touches.csv:type=touch_type \
  --events sessions.csv:type=session_type --events sales_activities.csv:type=activity_type
leads=accounts.csv story 12-companies accounts.score label $day --contacts contacts.csv \
  --events events.csv --lists lists.csv
