-- Runs after which somebody has to look what is left: newest first
SELECT
  stack,
  run,
  type,
  coalesce(
    json_extract_scalar(document, '$.experiment'),
    json_extract_scalar(document, '$.resource'),
    json_extract_scalar(document, '$.suite')
  ) AS subject,
  coalesce(json_extract_scalar(document, '$.cleaned'), json_extract_scalar(document, '$.cleanUp.confirmed')) AS cleaned
FROM runs
WHERE dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')
  AND coalesce(json_extract_scalar(document, '$.cleaned'), json_extract_scalar(document, '$.cleanUp.confirmed')) = 'false'
ORDER BY run DESC
