-- How soon an alarm tells of a fault that users notice: median and worst by experiment, in seconds
-- Each point counts: one at which no alarm rang is longer than any other, and the median is empty where it is in the middle.
WITH points AS (
  SELECT
    stack,
    json_extract_scalar(document, '$.experiment') AS experiment,
    CAST(json_extract_scalar(document, '$.kpis.detectedAfterSeconds') AS double) AS seconds
  FROM runs
  WHERE type = 'experiment'
    AND dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')
    AND json_extract_scalar(document, '$.scored') = 'true'
    AND json_extract_scalar(document, '$.verdict') IN ('passed', 'failed', 'aborted-by-alarm', 'aborted-by-runner')
    AND CAST(json_extract_scalar(document, '$.kpis.degradedSeconds') AS double) > 0
    AND (
      json_array_length(json_extract(document, '$.alerts.fired')) > 0
      OR json_array_length(json_extract(document, '$.alerts.missed')) > 0
    )
), ordered AS (
  SELECT
    stack,
    experiment,
    seconds,
    row_number() OVER (PARTITION BY stack, experiment ORDER BY seconds NULLS LAST) AS place,
    count(*) OVER (PARTITION BY stack, experiment) AS runs
  FROM points
)
SELECT
  stack,
  experiment,
  max(runs) AS runs,
  count(*) FILTER (WHERE seconds IS NULL) AS never,
  CASE
    WHEN count(*) FILTER (WHERE seconds IS NULL AND 2 * place BETWEEN runs AND runs + 2) = 0
      THEN avg(seconds) FILTER (WHERE 2 * place BETWEEN runs AND runs + 2)
  END AS median_seconds,
  max(seconds) AS longest_seconds
FROM ordered
GROUP BY stack, experiment
ORDER BY stack, experiment
