-- How far each alarm can be believed: rang at a fault that was to ring it, missed one, rang without a reason
-- Precision is fired / (fired + unexpected), recall is fired / (fired + missed). Control runs have no fault to ring at.
WITH told AS (
  SELECT stack, type, document
  FROM runs
  WHERE dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')
    AND (
      type = 'control'
      OR (
        type = 'experiment'
        AND json_extract_scalar(document, '$.scored') = 'true'
        AND json_extract_scalar(document, '$.verdict') IN ('passed', 'failed', 'aborted-by-alarm', 'aborted-by-runner')
      )
    )
), seen AS (
  SELECT stack, alarm, 'fired' AS what
  FROM told
  CROSS JOIN UNNEST(CAST(json_extract(document, '$.alerts.fired') AS array(varchar))) AS part (alarm)
  WHERE type = 'experiment'
  UNION ALL
  SELECT stack, alarm, 'missed' AS what
  FROM told
  CROSS JOIN UNNEST(CAST(json_extract(document, '$.alerts.missed') AS array(varchar))) AS part (alarm)
  WHERE type = 'experiment'
  UNION ALL
  SELECT stack, alarm, 'unexpected' AS what
  FROM told
  CROSS JOIN UNNEST(CAST(json_extract(document, '$.alerts.unexpected') AS array(varchar))) AS part (alarm)
)
SELECT
  stack,
  alarm,
  count(*) FILTER (WHERE what = 'fired') AS fired,
  count(*) FILTER (WHERE what = 'missed') AS missed,
  count(*) FILTER (WHERE what = 'unexpected') AS unexpected
FROM seen
GROUP BY stack, alarm
ORDER BY stack, alarm
