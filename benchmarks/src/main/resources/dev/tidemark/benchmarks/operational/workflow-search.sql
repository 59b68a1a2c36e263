SELECT * FROM search_workflows(?, 20)
