"""How gunicorn takes requests, wherever it runs: config/commands.py and the Dockerfile name this file."""

# The most that gunicorn knows: a queue narrowed by many filters, searched in letters that an address spells with six signs each.
limit_request_line = 8190
# Browsers repeat the address of a page, with its host, in Referer; htmx does so in HX-Current-URL.
limit_request_field_size = limit_request_line + 400
