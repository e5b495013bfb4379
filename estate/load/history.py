"""The rows of a load, written by the database itself from samples and texts: tickets first, then what follows from them."""

import datetime

from estate.load.words import MESSAGES

TABLES = ("tickets_ticket", "tickets_event", "tickets_ticketcharge", "billing_ledgerentry")
SPAN = datetime.timedelta(days=3 * 365.25)

# Numbers rise with time. Of the last tenth of the time many are still running, of the rest hardly any.
TICKETS = """
WITH drawn AS (
  SELECT number, 1 + floor(random() * (SELECT count(*) FROM load_sample))::int AS sample,
    (number::bigint * 7919) %% %(texts)s AS text, -- what its events say
    %(now)s::timestamptz - make_interval(secs => %(span)s * (1 - (number - %(first)s + random()) / %(total)s::float)) AS created_at,
    random() AS fate, random() AS kind, random() AS speed, random() AS owner
  FROM generate_series(%(begin)s, %(end)s - 1) number),
aged AS (
  SELECT drawn.*, least(created_at + make_interval(secs => 1800 + 500000 * speed ^ 3), %(now)s) AS moved_at,
    CASE WHEN created_at < %(now)s::timestamptz - make_interval(secs => %(span)s / 10)
      THEN CASE WHEN fate < .985 THEN 'closed' WHEN fate < .99 THEN 'open' WHEN fate < .995 THEN 'pending' ELSE 'on_hold' END
      ELSE CASE WHEN fate < .10 THEN 'solved' WHEN fate < .25 THEN 'new' WHEN fate < .70 THEN 'open'
        WHEN fate < .88 THEN 'pending' ELSE 'on_hold' END END AS status
  FROM drawn),
told AS (
  SELECT aged.*, load_sample.*, CASE WHEN status NOT IN ('closed', 'solved') THEN '' WHEN NOT executes THEN 'answered'
      WHEN kind < .84 THEN 'executed' WHEN kind < .94 THEN 'rejected' ELSE 'withdrawn' END AS outcome
  FROM aged JOIN load_sample ON load_sample.id = sample),
owned AS (
  SELECT told.*, clock.*, CASE WHEN speed > .96 THEN 1 ELSE 2 END AS priority,
    CASE WHEN status <> 'new' AND owner < .9 THEN (%(agents)s::bigint[])[1 + floor(owner * %(staff)s)::int] END AS assignee_id,
    least(greatest(created_at, clock.opens), clock.closes) AS begun,
    moved.passed + extract(epoch FROM least(greatest(moved_at, moved.opens), moved.closes) - moved.opens) / 60
      - clock.passed - extract(epoch FROM least(greatest(created_at, clock.opens), clock.closes) - clock.opens) / 60 AS taken
  FROM told JOIN partners_partner partner ON partner.id = partner_id
  JOIN load_day clock ON clock.region = partner.region AND clock.day = (created_at AT TIME ZONE 'UTC')::date
  JOIN (SELECT region AS of, day AS on_day, opens, closes, passed FROM load_day) moved
    ON moved.of = partner.region AND on_day = (moved_at AT TIME ZONE 'UTC')::date),
due AS (
  SELECT owned.*,
    CASE WHEN created_at >= closes THEN CASE priority WHEN 1 THEN next_opens + interval '30 minutes' ELSE next_closes END
      ELSE CASE priority WHEN 1 THEN begun + interval '30 minutes' ELSE closes END END AS first_due,
    CASE WHEN priority = 2 THEN CASE WHEN created_at >= closes THEN next_fifth ELSE fifth END
      WHEN begun + interval '8 hours' <= closes THEN begun + interval '8 hours'
      ELSE next_opens + (interval '8 hours' - (closes - begun)) END AS solve_due,
    CASE WHEN assignee_id IS NOT NULL AND number %% 3 > 0 AND created_at + interval '20 minutes' <= %(now)s
      THEN created_at + interval '20 minutes' WHEN outcome NOT IN ('', 'withdrawn') THEN moved_at END AS answered,
    CASE WHEN number %% 2 = 0 AND outcome = '' AND created_at + interval '25 minutes' <= %(now)s
      THEN created_at + interval '25 minutes' END AS asked
  FROM owned),
waited AS (
  SELECT due.*, CASE WHEN answered IS NULL OR asked IS NULL THEN NULL WHEN asked >= closes THEN next_closes ELSE closes END AS next_due,
    status IN ('new', 'open') AS runs
  FROM due)
INSERT INTO tickets_ticket (number, type_code, topic, subject, status, outcome, reason, waiting_for, priority, partner_id,
  requester_id, assignee_id, answers, verdict, policy_on, execution, execution_attempts, executed_at, search, search_internal,
  created_at, updated_at, solved_at, first_due_at, first_answered_at, first_minutes, awaiting_since, next_due_at, solving_since,
  solve_due_at, solve_minutes, pauses, due_at, first_is_late, next_is_late, solution_is_late, sla_stamp,
  snoozed_until)
SELECT number, type_code, topic, subject, status, outcome, CASE outcome WHEN 'rejected' THEN 'not_possible' ELSE '' END,
  CASE status WHEN 'pending' THEN 'partner' WHEN 'on_hold' THEN 'carrier' ELSE '' END, priority,
  partner_id, requester_id, assignee_id,
  answers, verdict, created_at::date, CASE outcome WHEN 'executed' THEN 'done' ELSE '' END, CASE outcome WHEN 'executed' THEN 1 ELSE 0 END,
  CASE outcome WHEN 'executed' THEN moved_at END, waited.vector || load_text.vector,
  CASE WHEN assignee_id IS NOT NULL AND number %% 4 = 0 AND created_at + interval '28 minutes' <= %(now)s
    THEN setweight(to_tsvector('english', 'Checked with the warehouse.'), 'C') END, created_at, moved_at,
  CASE WHEN outcome <> '' THEN moved_at END,
  CASE WHEN answered IS NOT NULL OR outcome = '' THEN first_due END, answered,
  CASE WHEN answered < moved_at THEN least(20, taken) WHEN answered IS NOT NULL THEN taken END,
  CASE WHEN outcome = '' THEN CASE WHEN answered IS NULL THEN created_at ELSE asked END END, next_due, created_at, solve_due,
  CASE WHEN outcome NOT IN ('', 'withdrawn') THEN taken END,
  CASE WHEN status IN ('pending', 'on_hold') THEN jsonb_build_array(jsonb_build_array(moved_at, NULL)) ELSE '[]' END,
  CASE WHEN runs THEN least(CASE WHEN answered IS NULL THEN first_due END, next_due, solve_due) END,
  coalesce(answered > first_due, runs AND first_due < %(now)s), coalesce(runs AND next_due < %(now)s, false),
  CASE WHEN outcome NOT IN ('', 'withdrawn') THEN moved_at > solve_due ELSE runs AND solve_due < %(now)s END, %(stamp)s,
  CASE WHEN outcome = '' AND number %% 50 = 7 THEN %(now)s + interval '1 day' * (1 + number %% 9) END
FROM waited JOIN load_text ON load_text.id = text
"""

EVENTS = """
INSERT INTO tickets_event (ticket_id, kind, actor_id, at, body, is_internal, data)
SELECT number, kind, actor, at, coalesce(said, ''), internal, data::jsonb
FROM (SELECT *, %(now)s::timestamptz AS now, (number * 7919) %% %(texts)s AS text FROM tickets_ticket
      WHERE number >= %(begin)s AND number < %(end)s) t
JOIN load_text ON load_text.id = text
CROSS JOIN LATERAL (VALUES
  ('submitted', requester_id, created_at, load_text.body, false, '{}', true),
  ('assigned', assignee_id, created_at + interval '9 minutes', '', true, '{"to": "Care"}', assignee_id IS NOT NULL),
  ('message', assignee_id, created_at + interval '20 minutes', 'Thank you. We are looking into it.', false, '{}',
    assignee_id IS NOT NULL AND number %% 3 > 0),
  ('message', requester_id, created_at + interval '25 minutes', load_text.body, false, '{}', number %% 2 = 0),
  ('note', assignee_id, created_at + interval '28 minutes', 'Checked with the warehouse.', true, '{}',
    assignee_id IS NOT NULL AND number %% 4 = 0),
  ('execution_requested', coalesce(assignee_id, %(agent)s), solved_at - interval '1 minute', '', true, '{}', outcome = 'executed'),
  ('applied', coalesce(assignee_id, %(agent)s), solved_at, 'Done.', false, '{}', outcome = 'executed'),
  ('rejected', coalesce(assignee_id, %(agent)s), solved_at, 'This is not possible under the policies.', false,
    '{"reason": "not_possible"}', outcome = 'rejected'),
  ('answered', coalesce(assignee_id, %(agent)s), solved_at, 'You find it in the portal.', false, '{}', outcome = 'answered'),
  ('withdrawn', requester_id, solved_at, '', false, '{}', outcome = 'withdrawn')
) AS happened (kind, actor, at, said, internal, data, holds)
WHERE holds AND at <= now
"""

CHARGES = """
INSERT INTO tickets_ticketcharge (ticket_id, fee, kind, title, amount, currency, payer_id, moment, contingent, due_at, posted_at)
SELECT number, charge->>'fee', charge->>'kind', charge->>'title', (charge->>'amount')::numeric, charge->>'currency', partner_id,
  charge->>'moment', false, executed_at, executed_at
FROM tickets_ticket CROSS JOIN LATERAL jsonb_array_elements(verdict->'charges') charge
JOIN partners_partner ON partners_partner.id = partner_id AND partners_partner.code = charge->>'payer'
WHERE number >= %(begin)s AND number < %(end)s
"""

LEDGER = """
INSERT INTO billing_ledgerentry (partner_id, kind, fee, title, amount, currency, source, created_at)
SELECT payer_id, kind, fee, title || ' (#' || ticket_id || ')', amount, currency, 'ticket:' || ticket_id, posted_at
FROM tickets_ticketcharge WHERE ticket_id >= %(begin)s AND ticket_id < %(end)s AND posted_at IS NOT NULL
"""


def reserve_numbers(cursor, count):
    """Take `count` ticket numbers in a row; returns the first."""
    cursor.execute("SELECT pg_get_serial_sequence('tickets_ticket', 'number')")
    (sequence,) = cursor.fetchone()
    cursor.execute("SELECT nextval(%s)", [sequence])
    (first,) = cursor.fetchone()
    cursor.execute("SELECT setval(%s, %s)", [sequence, first + count - 1])
    return first


def write(cursor, begin, end, *, first, total, now, stamp):
    """The tickets with numbers from `begin` to before `end`, out of `total` that begin at `first`, with all their rows."""
    cursor.execute("SELECT id FROM partners_user WHERE role <> 'contact' AND is_active ORDER BY id")
    agents = [pk for (pk,) in cursor.fetchall()]
    known = {
        "begin": begin,
        "end": end,
        "first": first,
        "total": total,
        "now": now,
        "span": SPAN.total_seconds(),
        "stamp": stamp,
        "agents": agents,
        "agent": agents[0],
        "staff": len(agents) / 0.9,
        "texts": MESSAGES,
    }
    for statement in (TICKETS, EVENTS, CHARGES, LEDGER):
        cursor.execute(statement, known)
