ALTER TABLE delta.`${lake}/usage_daily` UNSET TBLPROPERTIES IF EXISTS ('delta.dataSkippingStatsColumns');
ALTER TABLE delta.`${lake}/usage_hourly` UNSET TBLPROPERTIES IF EXISTS ('delta.dataSkippingStatsColumns');
ALTER TABLE delta.`${lake}/usage_events` UNSET TBLPROPERTIES IF EXISTS ('delta.dataSkippingStatsColumns');
