-- The 20 rules on events as they are written one after the other: a query of its own for each, and
-- a join. Each has its own filters of type and time, which Spark pushes into the scan.
, opens AS (
  SELECT lead_id, sum(greatest(0, 4 - age div 2592000)) * 5000000 AS points
  FROM (
    SELECT
      lead_id,
      timestampdiff(SECOND, time, $as_of) AS age,
      row_number() OVER (PARTITION BY lead_id ORDER BY time DESC) AS number
    FROM events
    WHERE event = 'Email open' AND time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  )
  WHERE number <= 5
  GROUP BY lead_id
), clicks AS (
  SELECT lead_id, sum(4 - timestampdiff(SECOND, time, $as_of) div 2592000) * 7500000 AS points
  FROM events
  WHERE event = 'Email click' AND time BETWEEN $as_of - INTERVAL 90 DAY AND $as_of
  GROUP BY lead_id
), pricing_clicks AS (
  SELECT
    lead_id,
    sum(greatest(0, 4 - timestampdiff(SECOND, time, $as_of) div 2592000)) * 15000000 AS points
  FROM events
  WHERE event = 'Email click' AND contains(campaign, 'pricing')
    AND time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  GROUP BY lead_id
), pricing_pages AS (
  SELECT
    lead_id,
    least(300000000, sum(4 - timestampdiff(SECOND, time, $as_of) div 2592000) * 12500000) AS points
  FROM events
  WHERE event = 'Page view' AND contains(url, '/pricing')
    AND time BETWEEN $as_of - INTERVAL 60 DAY AND $as_of
  GROUP BY lead_id
), pages AS (
  SELECT lead_id, count(*) * 10000000 AS points
  FROM events
  WHERE event = 'Page view' AND time BETWEEN $as_of - INTERVAL 14 DAY AND $as_of
  GROUP BY lead_id
), papers AS (
  SELECT
    lead_id,
    greatest(0, 4 - timestampdiff(SECOND, max(time), $as_of) div 2592000) * 25000000 AS points
  FROM events
  WHERE event = 'Whitepaper download' AND time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  GROUP BY lead_id
), webinars AS (
  SELECT
    lead_id,
    sum(greatest(0, 4 - timestampdiff(SECOND, time, $as_of) div 2592000)) * 20000000 AS points
  FROM events
  WHERE event = 'Webinar attended' AND seconds >= 120
    AND time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  GROUP BY lead_id
), forms AS (
  SELECT
    lead_id,
    sum(40000000 * greatest(0, 672 - timestampdiff(SECOND, time, $as_of) div 3600) div 672) AS points
  FROM events
  WHERE event = 'Form submission' AND time BETWEEN $as_of - INTERVAL 30 DAY AND $as_of
  GROUP BY lead_id
), unsubscribed AS (
  SELECT lead_id, count(*) * -50000000 AS points
  FROM events
  WHERE event = 'Unsubscribe' AND time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  GROUP BY lead_id
), videos AS (
  SELECT lead_id, sum(greatest(0, 4 - age div 2592000)) * 7500000 AS points
  FROM (
    SELECT
      lead_id,
      timestampdiff(SECOND, time, $as_of) AS age,
      row_number() OVER (PARTITION BY lead_id ORDER BY time DESC) AS number
    FROM events
    WHERE event = 'Video' AND seconds > 60
      AND time BETWEEN $as_of - INTERVAL 120 DAY AND $as_of
  )
  WHERE number <= 3
  GROUP BY lead_id
), meetings AS (
  SELECT
    lead_id,
    least(450000000, sum(2 - timestampdiff(SECOND, time, $as_of) div 5184000) * 75000000) AS points
  FROM events
  WHERE event = 'Meeting completed' AND time BETWEEN $as_of - INTERVAL 90 DAY AND $as_of
  GROUP BY lead_id
), calls AS (
  SELECT lead_id, sum(greatest(0, 2 - age div 5184000)) * 30000000 AS points
  FROM (
    SELECT
      lead_id,
      timestampdiff(SECOND, time, $as_of) AS age,
      row_number() OVER (PARTITION BY lead_id ORDER BY time DESC) AS number
    FROM events
    WHERE event = 'Call' AND campaign IN ('spring', 'brand')
      AND time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  )
  WHERE number <= 4
  GROUP BY lead_id
), demos AS (
  SELECT
    lead_id,
    greatest(0, 2 - timestampdiff(SECOND, max(time), $as_of) div 5184000) * 125000000 AS points
  FROM events
  WHERE event = 'Demo' AND time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  GROUP BY lead_id
), trials AS (
  SELECT lead_id, 100000000 AS points
  FROM events
  WHERE event = 'Trial' AND time BETWEEN $as_of - INTERVAL 30 DAY AND $as_of
  GROUP BY lead_id
), visits_week AS (
  SELECT lead_id, CASE WHEN count(*) >= 3 THEN 50000000 ELSE 0 END AS points
  FROM events
  WHERE event = 'Visit' AND time BETWEEN $as_of - INTERVAL 7 DAY AND $as_of
  GROUP BY lead_id
), visits_month AS (
  SELECT
    lead_id,
    CASE WHEN count(*) = 1 THEN 10000000 WHEN count(*) <= 4 THEN 50000000 ELSE 100000000 END AS points
  FROM events
  WHERE event = 'Visit' AND time BETWEEN $as_of - INTERVAL 30 DAY AND $as_of
  GROUP BY lead_id
), watched AS (
  SELECT
    lead_id,
    CASE
      WHEN sum(seconds) BETWEEN 1 AND 300 THEN 20000000
      WHEN sum(seconds) > 300 THEN 40000000
      ELSE 0
    END AS points
  FROM events
  WHERE event IN ('Video', 'Webinar attended')
    AND time BETWEEN $as_of - INTERVAL 90 DAY AND $as_of
  GROUP BY lead_id
), chats AS (
  SELECT
    lead_id,
    CASE
      WHEN count(*) FILTER (WHERE time >= $as_of - INTERVAL 14 DAY) >= 2 THEN 60000000
      ELSE 20000000
    END AS points
  FROM events
  WHERE event = 'Chat' AND time BETWEEN $as_of - INTERVAL 30 DAY AND $as_of
  GROUP BY lead_id
), seen AS (
  SELECT DISTINCT lead_id
  FROM events
  WHERE time BETWEEN $as_of - INTERVAL 30 DAY AND $as_of
), quiet AS (
  SELECT
    lead_id,
    greatest(-120000000, -10000000 * (timestampdiff(SECOND, max(time), $as_of) div 1296000)) AS points
  FROM events
  WHERE event <> 'Email sent' AND time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  GROUP BY lead_id
), behaviour AS (
  SELECT
    id,
    least(
      600000000,
      coalesce(opens.points, 0) + coalesce(clicks.points, 0) + coalesce(pricing_clicks.points, 0)
      + coalesce(pricing_pages.points, 0) + coalesce(pages.points, 0) + coalesce(papers.points, 0)
      + coalesce(webinars.points, 0) + coalesce(forms.points, 0) + coalesce(unsubscribed.points, 0)
      + coalesce(videos.points, 0)
    ) AS marketing,
    least(900000000, greatest(-300000000,
      coalesce(meetings.points, 0) + coalesce(calls.points, 0) + coalesce(demos.points, 0)
      + coalesce(trials.points, 0) + coalesce(visits_week.points, 0)
      + coalesce(visits_month.points, 0) + coalesce(watched.points, 0) + coalesce(chats.points, 0)
      + CASE WHEN seen.lead_id IS NULL THEN -80000000 ELSE 0 END
      + coalesce(quiet.points, 0)
    )) AS sales
  FROM leads
  LEFT JOIN opens ON opens.lead_id = id
  LEFT JOIN clicks ON clicks.lead_id = id
  LEFT JOIN pricing_clicks ON pricing_clicks.lead_id = id
  LEFT JOIN pricing_pages ON pricing_pages.lead_id = id
  LEFT JOIN pages ON pages.lead_id = id
  LEFT JOIN papers ON papers.lead_id = id
  LEFT JOIN webinars ON webinars.lead_id = id
  LEFT JOIN forms ON forms.lead_id = id
  LEFT JOIN unsubscribed ON unsubscribed.lead_id = id
  LEFT JOIN videos ON videos.lead_id = id
  LEFT JOIN meetings ON meetings.lead_id = id
  LEFT JOIN calls ON calls.lead_id = id
  LEFT JOIN demos ON demos.lead_id = id
  LEFT JOIN trials ON trials.lead_id = id
  LEFT JOIN visits_week ON visits_week.lead_id = id
  LEFT JOIN visits_month ON visits_month.lead_id = id
  LEFT JOIN watched ON watched.lead_id = id
  LEFT JOIN chats ON chats.lead_id = id
  LEFT JOIN seen ON seen.lead_id = id
  LEFT JOIN quiet ON quiet.lead_id = id
)
