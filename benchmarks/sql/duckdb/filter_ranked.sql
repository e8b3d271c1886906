-- filter.sql with the newest N of a type by row_number(), as one writes it where min(x, n) is not
-- known or not to be had. Stepwise decay is counted in the steps that are left: four quarters
-- of 30 days, two halves of 60. Ages are in seconds.
, activity AS (
  SELECT
    lead_id,
    sum(greatest(0, 4 - age // 2592000)) FILTER (stream = 1 AND number <= 5) AS opens,
    sum(4 - age // 2592000) FILTER (event = 'Email click' AND age <= 7776000) AS clicks,
    sum(greatest(0, 4 - age // 2592000))
      FILTER (event = 'Email click' AND contains(campaign, 'pricing')) AS pricing_clicks,
    sum(4 - age // 2592000)
      FILTER (event = 'Page view' AND age <= 5184000 AND contains(url, '/pricing')) AS pricing_pages,
    count(*) FILTER (event = 'Page view' AND age <= 1209600) AS pages,
    min(age) FILTER (event = 'Whitepaper download') AS paper,
    sum(greatest(0, 4 - age // 2592000))
      FILTER (event = 'Webinar attended' AND seconds >= 120) AS webinars,
    sum(40000000 * (672 - age // 3600) // 672)
      FILTER (event = 'Form submission' AND age < 2419200) AS forms,
    count(*) FILTER (event = 'Unsubscribe') AS unsubscribed,
    sum(greatest(0, 4 - age // 2592000)) FILTER (stream = 2 AND number <= 3) AS videos,
    sum(2 - age // 5184000) FILTER (event = 'Meeting completed' AND age <= 7776000) AS meetings,
    sum(greatest(0, 2 - age // 5184000)) FILTER (stream = 3 AND number <= 4) AS calls,
    min(age) FILTER (event = 'Demo') AS demo,
    count(*) FILTER (event = 'Trial' AND age <= 2592000) AS trials,
    count(*) FILTER (event = 'Visit' AND age <= 604800) AS visits_7,
    count(*) FILTER (event = 'Visit' AND age <= 2592000) AS visits_30,
    sum(seconds) FILTER (event IN ('Video', 'Webinar attended') AND age <= 7776000) AS watched,
    count(*) FILTER (event = 'Chat' AND age <= 1209600) AS chats_14,
    count(*) FILTER (event = 'Chat' AND age <= 2592000) AS chats_30,
    min(age) AS latest,
    min(age) FILTER (event <> 'Email sent') AS latest_but_sent
  FROM (
    SELECT *, row_number() OVER (PARTITION BY lead_id, stream ORDER BY age) AS number
    FROM (
      SELECT
        lead_id, event, campaign, url, seconds, date_diff('second', time, $as_of) AS age,
        CASE
          WHEN event = 'Email open' THEN 1
          WHEN event = 'Video' AND seconds > 60 AND time >= $as_of - INTERVAL 120 DAY THEN 2
          WHEN event = 'Call' AND campaign IN ('spring', 'brand') THEN 3
        END AS stream
      FROM events
      WHERE time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
    )
  )
  GROUP BY lead_id
), behaviour AS (
  SELECT
    id,
    least(
      600000000,
      5000000 * coalesce(opens, 0)
      + 7500000 * coalesce(clicks, 0)
      + 15000000 * coalesce(pricing_clicks, 0)
      + least(300000000, 12500000 * coalesce(pricing_pages, 0))
      + 10000000 * coalesce(pages, 0)
      + 25000000 * coalesce(greatest(0, 4 - paper // 2592000), 0)
      + 20000000 * coalesce(webinars, 0)
      + coalesce(forms, 0)
      - 50000000 * coalesce(unsubscribed, 0)
      + 7500000 * coalesce(videos, 0)
    ) AS marketing,
    least(900000000, greatest(-300000000,
      least(450000000, 75000000 * coalesce(meetings, 0))
      + 30000000 * coalesce(calls, 0)
      + 125000000 * coalesce(greatest(0, 2 - demo // 5184000), 0)
      + CASE WHEN trials > 0 THEN 100000000 ELSE 0 END
      + CASE WHEN visits_7 >= 3 THEN 50000000 ELSE 0 END
      + CASE
          WHEN visits_30 = 1 THEN 10000000
          WHEN visits_30 BETWEEN 2 AND 4 THEN 50000000
          WHEN visits_30 >= 5 THEN 100000000
          ELSE 0
        END
      + CASE
          WHEN watched BETWEEN 1 AND 300 THEN 20000000
          WHEN watched > 300 THEN 40000000
          ELSE 0
        END
      + CASE WHEN chats_14 >= 2 THEN 60000000 WHEN chats_30 >= 1 THEN 20000000 ELSE 0 END
      + CASE WHEN latest <= 2592000 THEN 0 ELSE -80000000 END
      + CASE
          WHEN latest_but_sent IS NOT NULL
            THEN greatest(-120000000, -10000000 * (latest_but_sent // 1296000))
          ELSE 0
        END
    )) AS sales
  FROM leads LEFT JOIN activity ON lead_id = id
)
