"""PostgreSQL settings: the address, libpq options from the address and our own, and time limits of processes."""

# Detect a host that disappeared within seconds (docs/decisions/0356); the address may have other times.
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 20_000}
# Frequent queries are planned once per connection; ?prepare_threshold=0 declares a transaction pooler, with which nothing may remain on a
# connection (docs/decisions/0300, 0399).
PLANNED_AFTER = 5
# PostgreSQL's limits, in milliseconds (docs/decisions/0368). A stalled process must not keep rows locked for longer, nor commit events
# after their readers have moved on (tickets/services/event_reader.py).
OF_TASKS = {"idle_in_transaction_session_timeout": 75_000}
# Pages wait for locks and responses no longer than people would: each occupies one of a few threads.
OF_PAGES = OF_TASKS | {"lock_timeout": 3_000}


def database(address):
    """Return Django's DATABASES entry for an address as parsed by environ.Env.db()."""
    options = PATIENCE | {"prepare_threshold": PLANNED_AFTER} | address.get("OPTIONS", {})
    options["prepare_threshold"] = options["prepare_threshold"] or None
    kept = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": options["prepare_threshold"] is None}
    return address | kept | {"OPTIONS": options, "TEST": {"TEMPLATE": "template0"}}


def limit(entry, limits):
    """Set these limits for all further connections of this process to a DATABASES entry; those in the address take precedence.

    They are startup parameters, which a transaction pooler does not accept.
    """
    options = entry["OPTIONS"]
    if options["prepare_threshold"]:
        ours = [f"-c {name}={value}" for name, value in limits.items()]
        options["options"] = " ".join([*ours, options.get("options", "")]).strip()
