DROP TABLE erasure_requests;
DROP FUNCTION refuse_answered_request();
DROP TABLE retention_policies;
DROP TABLE data_classes;
DROP TABLE legal_bases;
DROP TYPE erasure_status;
DROP TYPE retention_action;
