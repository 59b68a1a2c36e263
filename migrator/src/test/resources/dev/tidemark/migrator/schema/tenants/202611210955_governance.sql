INSERT INTO erasure_requests (id, organization_id, subject_user_id, requested_by_user_id) VALUES
  ($erasure_request, $organization, $author, $approver);
