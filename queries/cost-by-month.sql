-- What runs have cost in a month, in USD at list price, and of how many nobody knows
SELECT
  stack,
  substr(dt, 1, 7) AS month,
  type,
  count(*) AS runs,
  sum(
    CASE
      WHEN json_extract_scalar(document, '$.verdict') = 'refused' THEN CAST(0 AS decimal(18, 6))
      ELSE CAST(
        coalesce(json_extract_scalar(document, '$.cost.usd'), json_extract_scalar(document, '$.usd')) AS decimal(18, 6)
      )
    END
  ) AS usd,
  count(*) FILTER (
    WHERE json_extract_scalar(document, '$.verdict') <> 'refused'
      AND coalesce(json_extract_scalar(document, '$.cost.usd'), json_extract_scalar(document, '$.usd')) IS NULL
  ) AS not_known
FROM runs
WHERE dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')
  AND type IN ('experiment', 'drill', 'unjudged-run')
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
