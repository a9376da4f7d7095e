"""Makes a decomposition of one model: record a run, plan components, write sources. Decides no verdict: what it writes is
proved by the host with the same checks as anyone else's decomposition."""
