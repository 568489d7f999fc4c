"""Several processes that train one model: how they exchange arrays, on MPI or in memory."""
