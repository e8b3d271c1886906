-- The 20 rules on properties: whole points by group, one row a lead. In all peers in SQL the same.
person_and_company AS (
  SELECT
    id,
    least(
      55,
      CASE WHEN industry IN ('Software', 'SaaS') THEN 20 ELSE 0 END
      + CASE WHEN industry IN ('Education', 'Government') AND employees < 50 THEN -10 ELSE 0 END
      + CASE
          WHEN employees BETWEEN 1 AND 10 THEN 2
          WHEN employees BETWEEN 11 AND 200 THEN 10
          WHEN employees BETWEEN 201 AND 1000 THEN 15
          WHEN employees > 1000 THEN 12
          WHEN employees IS NULL THEN -1
          ELSE 0
        END
      + CASE WHEN revenue >= 1000000 THEN 8 ELSE 0 END
      + CASE WHEN revenue BETWEEN 100000 AND 999000 THEN 4 ELSE 0 END
      + CASE WHEN country IN ('Germany', 'Austria', 'Switzerland') THEN 5 ELSE 0 END
      + CASE WHEN country IS NULL THEN -3 ELSE 0 END
      + CASE plan WHEN 'Enterprise' THEN 12 WHEN 'Team' THEN 6 ELSE 0 END
      + CASE WHEN 100 * budget >= 80 * deal_size THEN 4 ELSE 0 END
      + CASE
          WHEN lifecycle = 'opportunity' THEN 9
          WHEN lifecycle = 'lead' AND owner IS NOT NULL THEN 5
          WHEN lifecycle IS DISTINCT FROM 'customer' AND budget > 0 THEN 2
          ELSE 0
        END
    ) AS company,
    least(45, greatest(-30,
      CASE
        WHEN (
          contains(lower(job_title), 'vp') OR contains(lower(job_title), 'chief')
          OR contains(lower(job_title), 'director') OR contains(lower(job_title), 'head')
        ) AND employees >= 50 THEN 10
        ELSE 0
      END
      + CASE
          WHEN contains(lower(job_title), 'marketing') OR contains(lower(job_title), 'sales') THEN 7
          ELSE 0
        END
      + CASE
          WHEN contains(lower(job_title), 'student') OR contains(lower(job_title), 'intern') THEN -20
          ELSE 0
        END
      + CASE
          WHEN endswith(lower(email), '@gmail.com') OR endswith(lower(email), '@yahoo.com')
            OR endswith(lower(email), '@web.de') THEN -15
          ELSE 0
        END
      + CASE WHEN phone IS NOT NULL AND language = 'English' THEN 3 ELSE 0 END
      + CASE
          WHEN source IN ('Referral', 'Partner') THEN 12
          WHEN source = 'Webinar' THEN 8
          WHEN source = 'Paid search' THEN 3
          ELSE 0
        END
      + CASE WHEN newsletter AND opted_out IS NOT TRUE THEN 6 ELSE 0 END
      + CASE
          WHEN signup BETWEEN $as_of - INTERVAL 14 DAY AND $as_of OR nps >= 9 THEN 5
          ELSE 0
        END
      + CASE
          WHEN last_seen <= $as_of
            THEN greatest(-10, -(timestampdiff(SECOND, last_seen, $as_of) div 2592000))
          ELSE 0
        END
      + CASE WHEN page_views >= 0 THEN least(12, page_views div 10 * 2) ELSE 0 END
    )) AS person
  FROM leads
)
