"""The desk's tasks for the worker. Each reads the clock, makes one service call, and is safe to run twice."""
