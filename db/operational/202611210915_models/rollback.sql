DROP TABLE models;
DROP TYPE model_status;
