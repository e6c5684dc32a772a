-- Experiments that pass: by experiment, of the runs that say something about the workload
SELECT
  stack,
  json_extract_scalar(document, '$.experiment') AS experiment,
  count(*) AS runs,
  count(*) FILTER (WHERE json_extract_scalar(document, '$.verdict') = 'passed') AS passed
FROM runs
WHERE type = 'experiment'
  AND dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')
  AND json_extract_scalar(document, '$.scored') = 'true'
  AND json_extract_scalar(document, '$.verdict') IN ('passed', 'failed', 'aborted-by-alarm', 'aborted-by-runner')
GROUP BY 1, 2
ORDER BY stack, experiment
