"""Millions of cases, and the SQL that a careful person would write to decide them in DuckDB.

One trusts every case, one finds wrong ones, as ours does; what is done with them (ours asks the
interpreter) is in neither.
"""

CASES = """
WITH drawn AS (
  SELECT (hash(row) >> 1)::BIGINT AS a, (hash(-row) >> 1)::BIGINT AS b,
    (hash(row::VARCHAR) >> 1)::BIGINT AS c
  FROM range({rows}) AS rows(row)
), days AS (
  SELECT *, [1, 3, 10, 12][c % 4 + 1] AS bought, CASE
    WHEN b % 3 = 0 THEN [0, 29, 30, 31][b // 3 % 4 + 1]
    WHEN b % 3 = 1 THEN b // 3 % 31 ELSE b // 3 % 400 END::INTEGER AS first
  FROM drawn
), charges AS (
  SELECT *, CASE WHEN c // 4 % 3 = 0 THEN least(first, [0, 6, 7, 8][c // 12 % 4 + 1])
    ELSE c // 12 % (first + 1) END::INTEGER AS charged
  FROM days
)
SELECT
  DATE '2025-01-01' + (a % 700)::INTEGER AS requested_on,
  requested_on - first AS first_purchase_on,
  requested_on - charged AS charged_on,
  CASE WHEN a // 700 % 2 = 0 THEN 'subscription_fee' ELSE 'credit_purchase' END AS charge_kind,
  ((a // 1400 % 50000 + 1)::DECIMAL(18, 0) * 0.01)::DECIMAL(18, 2) AS amount_paid,
  bought::INTEGER AS credits_purchased,
  CASE WHEN a // 70000000 % 2 = 0 THEN 0 ELSE c // 48 % (bought + 1) END::INTEGER AS credits_unused,
  CASE WHEN b // 1200 % 2 = 0 THEN 'none' ELSE [
    'duplicate_charge', 'technical_issue', 'unauthorized_charge'][b // 2400 % 3 + 1] END
    AS special_circumstance,
  b // 7200 % 10 < 9 AS account_email_provided,
  b // 72000 % 10 < 9 AS charge_details_provided
FROM charges
"""

BY_HAND = """
WITH one AS (
  SELECT *, requested_on - first_purchase_on <= 30 AS new, charge_kind = 'subscription_fee' AS fee,
    special_circumstance <> 'none' AS trouble, requested_on - charged_on <= 7 AS recent
  FROM cases
), two AS (
  SELECT *, new AND (fee OR credits_unused > 0) AS guaranteed, trouble AND recent AS review,
    NOT (account_email_provided AND charge_details_provided) AS untold
  FROM one
), three AS (
  SELECT *, CASE {wrong} WHEN untold AND (guaranteed OR review) THEN 5 WHEN guaranteed THEN 4
    WHEN review THEN 3 WHEN trouble THEN 2 WHEN new THEN 1 ELSE 0 END AS code
  FROM two
)
SELECT
  CASE code WHEN 5 THEN 'more_information' WHEN 4 THEN 'approved' WHEN 3 THEN 'review'
    {declined} END AS outcome,
  CASE code WHEN 5 THEN 'request_incomplete' WHEN 4 THEN 'money_back_guarantee'
    WHEN 3 THEN 'special_circumstances_review' WHEN 2 THEN 'late_report' WHEN 1 THEN 'credits_used'
    {final_sale} END AS rule,
  CASE WHEN code = 4 THEN CASE WHEN fee THEN amount_paid ELSE (
    ((amount_paid * 100)::BIGINT * credits_unused * 2 + credits_purchased)
      // (credits_purchased * 2))::DECIMAL(18, 0) * 0.01 END END::DECIMAL(18, 2) AS refund_amount,
  CASE WHEN code = 3 THEN requested_on + CASE dayofweek(requested_on)
    WHEN 4 THEN 4 WHEN 5 THEN 4 WHEN 6 THEN 3 ELSE 2 END::INTEGER END AS respond_by
FROM three
"""
WRONG = """WHEN NOT (
  charged_on >= first_purchase_on AND requested_on >= charged_on AND amount_paid >= 0
  AND (fee OR (credits_purchased >= 1 AND credits_unused >= 0
    AND credits_unused <= credits_purchased))
  AND charge_kind IN ('subscription_fee', 'credit_purchase') AND special_circumstance IN (
    'none', 'duplicate_charge', 'technical_issue', 'unauthorized_charge')
) THEN NULL"""
TRUSTED = {"wrong": "", "declined": "ELSE 'declined'", "final_sale": "ELSE 'final_sale'"}
CHECKED = {
    "wrong": WRONG,
    "declined": "WHEN 2 THEN 'declined' WHEN 1 THEN 'declined' WHEN 0 THEN 'declined'",
    "final_sale": "WHEN 0 THEN 'final_sale'",
}
