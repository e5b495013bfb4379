"""How PostgreSQL is reached: its address, what of libpq's options stands in it or is ours, and how long a process lets it wait."""

# A host that is gone without a word is noticed in seconds (docs/decisions/0356); other times can stand in the address.
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 20_000}
# Questions asked all day are planned once a connection; ?prepare_threshold=0 says that a pooler gives each transaction another one, so that
# nothing is left on a connection (docs/decisions/0300, 0399).
PLANNED_AFTER = 5
# Limits of PostgreSQL's, in milliseconds (docs/decisions/0368). A process that stands still keeps no rows locked for longer, and commits
# nothing that who reads events in their order does not expect any more (tickets/services/reading.py).
OF_TASKS = {"idle_in_transaction_session_timeout": 75_000}
# A page also waits for a lock, and for an answer, no longer than somebody would who looks at it: it has one of a few threads.
OF_PAGES = OF_TASKS | {"lock_timeout": 3_000}


def database(address):
    """Django's DATABASES entry for an address as environ.Env.db() reads it."""
    options = PATIENCE | {"prepare_threshold": PLANNED_AFTER} | address.get("OPTIONS", {})
    options["prepare_threshold"] = options["prepare_threshold"] or None
    kept = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": options["prepare_threshold"] is None}
    return address | kept | {"OPTIONS": options, "TEST": {"TEMPLATE": "template0"}}


def limit(entry, limits):
    """From now on each connection of this process over a DATABASES entry has these limits; those that stand in the address go before.

    They are told as the connection begins, which a pooler by transaction does not take.
    """
    options = entry["OPTIONS"]
    if options["prepare_threshold"]:
        ours = [f"-c {name}={value}" for name, value in limits.items()]
        options["options"] = " ".join([*ours, options.get("options", "")]).strip()
