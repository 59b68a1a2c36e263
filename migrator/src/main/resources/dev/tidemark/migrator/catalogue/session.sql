-- Names of schema public stand alone, all others are qualified, whatever the role's search_path is.
SET LOCAL search_path TO public
