DROP TABLE organizations;
DROP TYPE organization_plan;
