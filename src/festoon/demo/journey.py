"""The Complete Journey's tables as events, in DuckDB's SQL.

- The stamps of baskets are UTC, though they do not say so: its weeks turn at 05:00 in winter and at 04:00 in
  summer, which is midnight in New York. The days of redemptions are days in New York: of 2,102, then 1,935
  fall on a day on which the household used a coupon, against 1,680 when baskets are dated in UTC.
- A redemption has no time of day; it is given noon.
- Amounts are cents. `sales_value` is what the shop received, so what a manufacturer's coupon paid is in it.
  On 20 lines it is the dust of float arithmetic (2.2e-16), which is nothing.
- 8,869 lines have quantity 0 and 11,246 cost nothing: coupons on lines of their own, and goods that were
  free. They are kept, and so are the 478 baskets that cost nothing: a plan that minds says `event.amount >
  0`.
- The quantity of 13,494 lines of fuel and the like is above 1,000: not pieces, but a measure. It is kept as
  it is.
- 4,836 lines are of products without an entry, and have no category. A product without a category goes by its
  department.
"""

EVENTS_IN_ALL = 157_950
MEMBERS_IN_ALL = 2_469

EVENTS = """
WITH product AS (
    SELECT product_id, ',"category":' || to_json(coalesce(product_category, department))::VARCHAR AS category
    FROM read_parquet($journey || '/products.parquet')
),
line AS (
    SELECT
        basket_id,
        household_id,
        store_id,
        transaction_timestamp,
        file_row_number,
        bought.product_id AS product,
        coalesce(product.category, '') AS category,
        quantity,
        round(sales_value * 100)::BIGINT AS amount,
        (round(retail_disc * 100) + round(coupon_disc * 100) + round(coupon_match_disc * 100))::BIGINT
            AS discount
    FROM read_parquet($journey || '/transactions.parquet', file_row_number = true) AS bought
    LEFT JOIN product USING (product_id)
),
basket AS (
    SELECT
        basket_id,
        any_value(household_id) AS household_id,
        any_value(store_id) AS store_id,
        any_value(transaction_timestamp) AS stamp,
        sum(amount)::BIGINT AS amount,
        sum(discount)::BIGINT AS discount,
        string_agg(
            '{"line":"' || product || '","product":"' || product || '"' || category
            || ',"quantity":' || quantity || ',"amount":' || amount
            || CASE WHEN discount > 0 THEN ',"discount":' || discount ELSE '' END || '}',
            ',' ORDER BY file_row_number
        ) AS lines
    FROM line
    GROUP BY basket_id
),
event AS (
    SELECT
        'basket-' || basket_id AS id,
        'order.paid' AS type,
        household_id::VARCHAR AS subject,
        stamp AT TIME ZONE 'UTC' AS time,
        '{"order":"' || basket_id || '","currency":"USD","store":"' || store_id || '","amount":' || amount
        || ',"discount":' || discount || ',"lines":[' || lines || ']}' AS data
    FROM basket
    UNION ALL
    SELECT
        'redemption-' || household_id || '-' || campaign_id || '-' || coupon_upc
        || '-' || strftime(redemption_date, '%Y-%m-%dT%H:%M:%S') AS id,
        'coupon.redeemed' AS type,
        household_id::VARCHAR AS subject,
        (redemption_date + INTERVAL 12 HOUR) AT TIME ZONE 'America/New_York' AS time,
        '{"coupon":"' || coupon_upc || '","offer":"campaign-' || campaign_id || '"}' AS data
    FROM read_parquet($journey || '/coupon_redemptions.parquet')
)
SELECT 'complete-journey' AS source, id, type, subject, time, data
FROM event
ORDER BY time, id
"""

MEMBERS = """
WITH household AS (
    SELECT DISTINCT household_id FROM read_parquet($journey || '/transactions.parquet')
),
known AS (
    SELECT household_id, json_merge_patch('{}', {
        'age': age, 'income': income, 'household_size': household_size, 'household': household_comp,
        'kids': kids_count, 'home': home_ownership, 'marital_status': marital_status
    }::JSON) AS attributes
    FROM read_parquet($journey || '/demographics.parquet')
)
SELECT
    'complete-journey' AS source,
    'household-' || household_id AS id,
    'member.imported' AS type,
    household_id::VARCHAR AS subject,
    TIMESTAMP '2017-01-01 00:00:00' AT TIME ZONE 'America/New_York' AS time,
    CASE WHEN attributes IS NULL THEN '{}' ELSE '{"attributes":' || attributes || '}' END AS data
FROM household LEFT JOIN known USING (household_id)
ORDER BY household_id
"""
