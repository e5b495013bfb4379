"""How PostgreSQL is reached: its address, and what of libpq's options stands in it or is ours."""

# A host that is gone without a word is noticed in seconds (docs/decisions/0356); other times can stand in the address.
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 20_000}
# Questions asked all day are planned once a connection; ?prepare_threshold=0 for a pooler that cannot (docs/decisions/0300).
PLANNED_AFTER = 5


def database(address):
    """Django's DATABASES entry for an address as environ.Env.db() reads it."""
    options = PATIENCE | {"prepare_threshold": PLANNED_AFTER} | address.get("OPTIONS", {})
    options["prepare_threshold"] = options["prepare_threshold"] or None
    return address | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options, "TEST": {"TEMPLATE": "template0"}}
