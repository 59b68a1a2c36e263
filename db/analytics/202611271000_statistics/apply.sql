-- Delta keeps the least and greatest value of each column of a file, unless told of which. Questions name times and
-- organizations; of every other column most files hold about all values, so that nothing is ever left out by it.
ALTER TABLE delta.`${lake}/usage_events` SET TBLPROPERTIES (
  'delta.dataSkippingStatsColumns' = 'occurred_at,received_at,organization_id'
);

ALTER TABLE delta.`${lake}/usage_hourly` SET TBLPROPERTIES (
  'delta.dataSkippingStatsColumns' = 'hour_start,organization_id'
);

ALTER TABLE delta.`${lake}/usage_daily` SET TBLPROPERTIES (
  'delta.dataSkippingStatsColumns' = 'usage_date,organization_id'
);
