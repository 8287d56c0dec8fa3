-- Jobs of one person, newest first.
CREATE INDEX gx_job_person ON {gx_job} (run_as, id);
