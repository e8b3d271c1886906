-- Category and score limits, and the label. All sums are in units of 1/10,000,000 of a point.
, categories AS (
  SELECT
    id,
    least(90, company + person) * 10000000 AS fit,
    least(1200000000, marketing + sales) AS engagement
  FROM person_and_company JOIN behaviour USING (id)
), scores AS (
  SELECT *, least(1800000000, greatest(0, fit + engagement)) AS score FROM categories
)
SELECT
  id,
  score,
  CASE
    WHEN score >= 600000000 AND engagement >= 200000000 THEN 'Hot'
    WHEN score >= 400000000 THEN 'Warm'
    WHEN score >= 200000000 THEN 'Cool'
    ELSE 'Cold'
  END AS label,
  fit,
  engagement
FROM scores
