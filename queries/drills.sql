-- How soon data is proven to be back: drills within their objective by resource, median and longest, in seconds
-- A drill that failed has proven nothing, and is longer than any other.
WITH points AS (
  SELECT
    stack,
    json_extract_scalar(document, '$.resource') AS resource,
    CASE
      WHEN json_extract_scalar(document, '$.verdict') = 'passed'
        THEN CAST(json_extract_scalar(document, '$.rtoSeconds') AS double)
    END AS seconds,
    60 * CAST(json_extract_scalar(document, '$.objectiveMinutes') AS double) AS objective
  FROM runs
  WHERE type = 'drill'
    AND dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')
    AND json_extract_scalar(document, '$.verdict') IN ('passed', 'failed')
), ordered AS (
  SELECT
    stack,
    resource,
    seconds,
    objective,
    row_number() OVER (PARTITION BY stack, resource ORDER BY seconds NULLS LAST) AS place,
    count(*) OVER (PARTITION BY stack, resource) AS drills
  FROM points
)
SELECT
  stack,
  resource,
  max(drills) AS drills,
  count(*) FILTER (WHERE seconds <= objective) AS on_time,
  count(*) FILTER (WHERE seconds IS NULL) AS not_proven,
  CASE
    WHEN count(*) FILTER (WHERE seconds IS NULL AND 2 * place BETWEEN drills AND drills + 2) = 0
      THEN avg(seconds) FILTER (WHERE 2 * place BETWEEN drills AND drills + 2)
  END AS median_seconds,
  max(seconds) AS longest_seconds
FROM ordered
GROUP BY stack, resource
ORDER BY stack, resource
