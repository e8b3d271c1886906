"""The model of `models/many_leads.score` for rule-engine, on the input of peer_inputs.

One expression in its language for the points of fit, another for those of engagement in units:
conditional sums, comprehensions over the events, `$sum`, `$min`, `$max`. It reckons in decimals.
"""

from __future__ import annotations

from benchmarks.peer_inputs import DAY, UNIT

FIT = f"""
$min([90,
  $min([55,
    (industry in ["Software", "SaaS"] ? 20 : 0)
    + (industry in ["Education", "Government"] and employees != null and employees < 50 ? -10 : 0)
    + (employees == null ? -1 : (employees > 1000 ? 12 : (employees > 200 ? 15
        : (employees > 10 ? 10 : (employees >= 1 ? 2 : 0)))))
    + (revenue != null and revenue >= 1000000 ? 8 : 0)
    + (revenue != null and revenue >= 100000 and revenue <= 999000 ? 4 : 0)
    + (country in ["Germany", "Austria", "Switzerland"] ? 5 : 0)
    + (country == null ? -3 : 0)
    + (plan == "Enterprise" ? 12 : (plan == "Team" ? 6 : 0))
    + (budget != null and deal_size != null and 100 * budget >= 80 * deal_size ? 4 : 0)
    + (lifecycle == "opportunity" ? 9 : (lifecycle == "lead" and owner != null ? 5
        : (lifecycle != "customer" and budget != null and budget > 0 ? 2 : 0)))
  ])
  + $max([-30, $min([45,
    (employees != null and employees >= 50 and job_title != null
        and ("vp" in job_title.as_lower or "chief" in job_title.as_lower
          or "director" in job_title.as_lower or "head" in job_title.as_lower) ? 10 : 0)
    + (job_title != null
        and ("marketing" in job_title.as_lower or "sales" in job_title.as_lower) ? 7 : 0)
    + (job_title != null
        and ("student" in job_title.as_lower or "intern" in job_title.as_lower) ? -20 : 0)
    + (email != null and (email.as_lower.ends_with("@gmail.com")
        or email.as_lower.ends_with("@yahoo.com") or email.as_lower.ends_with("@web.de"))
        ? -15 : 0)
    + (phone != null and language == "English" ? 3 : 0)
    + (source in ["Referral", "Partner"] ? 12
        : (source == "Webinar" ? 8 : (source == "Paid search" ? 3 : 0)))
    + (newsletter == true and opted_out != true ? 6 : 0)
    + ((signup_age != null and signup_age >= 0 and signup_age <= {14 * DAY})
        or (nps != null and nps >= 9) ? 5 : 0)
    + (last_seen_age != null and last_seen_age >= 0
        ? 0 - $min([10, last_seen_age // {30 * DAY}]) : 0)
    + (page_views != null ? $min([12, page_views // 10 * 2]) : 0)
  ])])
])
"""

QUARTERS = f'$max([0, 4 - e["age"] // {30 * DAY}])'
HALVES = f'$max([0, 2 - e["age"] // {60 * DAY}])'


def _each(kind: str, days: int, value: str, test: str = "") -> str:
    """The values of the events of a type within so many days, newest first."""
    more = f" and {test}" if test else ""
    found = f'e["event"] == "{kind}" and e["age"] >= 0 and e["age"] <= {days * DAY}{more}'
    return f"[{value} for e in events if {found}]"


def _count(kind: str, days: int) -> str:
    return f"{_each(kind, days, '1')}.length"


IN_PRICING = 'e["campaign"] != null and "pricing" in e["campaign"]'
AT_PRICING = 'e["url"] != null and "/pricing" in e["url"]'
ANY = f'[e["age"] for e in events if e["age"] >= 0 and e["age"] <= {180 * DAY}]'
BUT_SENT = (
    '[e["age"] for e in events if e["event"] != "Email sent" '
    f'and e["age"] >= 0 and e["age"] <= {180 * DAY}]'
)
WATCHED = (
    '$sum([e["seconds"] for e in events if e["event"] in ["Video", "Webinar attended"] '
    f'and e["age"] >= 0 and e["age"] <= {90 * DAY} and e["seconds"] != null])'
)
LONG = 'e["seconds"] != null and e["seconds"]'
FORMS = f'{4 * UNIT} * $max([0, 672 - e["age"] // 3600]) // 672'
CALLED = 'e["campaign"] in ["spring", "brand"]'

ENGAGEMENT = f"""
$min([{120 * UNIT},
  $min([{60 * UNIT},
    $sum({_each("Email open", 180, QUARTERS)}[0:5]) * {UNIT // 2}
    + $sum({_each("Email click", 90, QUARTERS)}) * {UNIT * 3 // 4}
    + $sum({_each("Email click", 180, QUARTERS, IN_PRICING)}) * {UNIT * 3 // 2}
    + $min([{30 * UNIT},
        $sum({_each("Page view", 60, QUARTERS, AT_PRICING)}) * {UNIT * 5 // 4}])
    + {_count("Page view", 14)} * {UNIT}
    + $sum({_each("Whitepaper download", 180, QUARTERS)}[0:1]) * {UNIT * 5 // 2}
    + $sum({_each("Webinar attended", 180, QUARTERS, LONG + " >= 120")}) * {UNIT * 2}
    + $sum({_each("Form submission", 30, FORMS)})
    - {_count("Unsubscribe", 180)} * {UNIT * 5}
    + $sum({_each("Video", 120, QUARTERS, LONG + " > 60")}[0:3]) * {UNIT * 3 // 4}
  ])
  + $max([-{30 * UNIT}, $min([{90 * UNIT},
    $min([{45 * UNIT},
        $sum({_each("Meeting completed", 90, HALVES)}) * {UNIT * 15 // 2}])
    + $sum({_each("Call", 180, HALVES, CALLED)}[0:4]) * {UNIT * 3}
    + $sum({_each("Demo", 180, HALVES)}[0:1]) * {UNIT * 25 // 2}
    + ({_count("Trial", 30)} > 0 ? {10 * UNIT} : 0)
    + ({_count("Visit", 7)} >= 3 ? {5 * UNIT} : 0)
    + ({_count("Visit", 30)} >= 5 ? {10 * UNIT}
        : ({_count("Visit", 30)} >= 2 ? {5 * UNIT} : ({_count("Visit", 30)} == 1 ? {UNIT} : 0)))
    + ({WATCHED} > 300 ? {4 * UNIT} : ({WATCHED} >= 1 ? {2 * UNIT} : 0))
    + ({_count("Chat", 14)} >= 2 ? {6 * UNIT} : ({_count("Chat", 30)} >= 1 ? {2 * UNIT} : 0))
    + ($any([age <= {30 * DAY} for age in {ANY}]) ? 0 : -{8 * UNIT})
    + $sum([0 - $min([12, age // {15 * DAY}]) for age in {BUT_SENT}[0:1]]) * {UNIT}
  ])])
])
"""
