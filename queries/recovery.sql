-- How soon all is well again after a fault that users notice: within the objective, median and longest, in seconds
-- A run that had not recovered when nobody looked any more is longer than any other.
WITH points AS (
  SELECT
    stack,
    json_extract_scalar(document, '$.experiment') AS experiment,
    CAST(json_extract_scalar(document, '$.kpis.recoveredAfterSeconds') AS double) AS seconds,
    CAST(json_extract_scalar(document, '$.hypothesis.rtoSeconds') AS double) AS objective
  FROM runs
  WHERE type = 'experiment'
    AND dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')
    AND json_extract_scalar(document, '$.scored') = 'true'
    AND json_extract_scalar(document, '$.verdict') IN ('passed', 'failed', 'aborted-by-alarm', 'aborted-by-runner')
    AND (
      CAST(json_extract_scalar(document, '$.kpis.degradedSeconds') AS double) > 0
      OR json_extract_scalar(document, '$.kpis.recoveredAfterSeconds') IS NULL
    )
), ordered AS (
  SELECT
    stack,
    experiment,
    seconds,
    objective,
    row_number() OVER (PARTITION BY stack, experiment ORDER BY seconds NULLS LAST) AS place,
    count(*) OVER (PARTITION BY stack, experiment) AS runs
  FROM points
)
SELECT
  stack,
  experiment,
  max(runs) AS runs,
  count(*) FILTER (WHERE seconds <= objective) AS on_time,
  count(*) FILTER (WHERE seconds IS NULL) AS never,
  CASE
    WHEN count(*) FILTER (WHERE seconds IS NULL AND 2 * place BETWEEN runs AND runs + 2) = 0
      THEN avg(seconds) FILTER (WHERE 2 * place BETWEEN runs AND runs + 2)
  END AS median_seconds,
  max(seconds) AS longest_seconds
FROM ordered
GROUP BY stack, experiment
ORDER BY stack, experiment
