"""Gunicorn's limits for requests, in every environment: config/commands.py and the Dockerfile refer to this file."""

# The maximum that gunicorn supports: for a queue with many filters and a search in letters that take six characters each when encoded.
limit_request_line = 8190
# Browsers repeat a page's address with its host in Referer, and htmx does so in HX-Current-URL.
limit_request_field_size = limit_request_line + 400
