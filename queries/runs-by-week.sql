-- Runs by week, kind and verdict: of experiments and suites by their name, of drills by what was restored
SELECT
  stack,
  CAST(date_trunc('week', date_parse(substr(run, 1, 8), '%Y%m%d')) AS date) AS week,
  type,
  coalesce(
    json_extract_scalar(document, '$.experiment'),
    json_extract_scalar(document, '$.resource'),
    json_extract_scalar(document, '$.suite')
  ) AS subject,
  json_extract_scalar(document, '$.verdict') AS verdict,
  count(*) AS runs
FROM runs
WHERE dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
