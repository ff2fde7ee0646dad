-- The log by months, in place. An id carries its month: the sequence jumps to (months since 2026-01) * 2^33 when a month
-- begins, so each month is a range of ids, the old order holds, and primary key, indexes and readers stay as they are.
-- What was recorded before is the first partition. See docs/decisions/0011-months-in-the-ids.md.
alter table agentdesk.audit_events rename to audit_events_first;
--> statement-breakpoint
drop trigger audit_events_queue on agentdesk.audit_events_first;
--> statement-breakpoint
drop trigger audit_events_no_change on agentdesk.audit_events_first;
--> statement-breakpoint
create table agentdesk.audit_events (like agentdesk.audit_events_first including defaults) partition by range (id);
--> statement-breakpoint
alter sequence agentdesk.audit_events_id_seq owned by agentdesk.audit_events.id;
--> statement-breakpoint
-- Each index of the old table gets one of its name on the new; attaching ties them together without building anything.
do $$
declare
  one record;
  old_name text;
begin
  alter table agentdesk.audit_events_first rename constraint audit_events_pkey to audit_events_first_pkey;
  alter table agentdesk.audit_events add constraint audit_events_pkey primary key (id);
  for one in
    select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = 'agentdesk.audit_events_first'::regclass and not i.indisprimary
  loop
    old_name := replace(one.name, 'audit_events_', 'audit_events_first_');
    execute format('alter index agentdesk.%I rename to %I', one.name, old_name);
    execute replace(one.definition, 'ON agentdesk.audit_events_first', 'ON agentdesk.audit_events');
  end loop;
end $$;
--> statement-breakpoint
-- Months since the beginning of 2026, in UTC.
create function agentdesk.audit_month(moment timestamptz) returns integer
  language sql stable set search_path = pg_catalog as $$
  select ((extract(year from moment at time zone 'UTC') - 2026) * 12 + extract(month from moment at time zone 'UTC') - 1)::integer
$$;
--> statement-breakpoint
do $$ begin
  execute format('alter table agentdesk.audit_events attach partition agentdesk.audit_events_first for values from (minvalue) to (%s)',
    greatest(agentdesk.audit_month(now()), 1)::bigint << 33);
end $$;
--> statement-breakpoint
alter table agentdesk.audit_events enable row level security;
--> statement-breakpoint
create policy audit_events_inside on agentdesk.audit_events for select to agentdesk_app
  using (workspace_id = current_setting('agentdesk.workspace', true));
--> statement-breakpoint
create policy audit_events_add on agentdesk.audit_events for insert to agentdesk_app with check (true);
--> statement-breakpoint
grant select, insert on agentdesk.audit_events to agentdesk_app;
--> statement-breakpoint
revoke all on agentdesk.audit_events_first from agentdesk_app;
--> statement-breakpoint
create trigger audit_events_no_change before update or delete on agentdesk.audit_events
  for each row execute function agentdesk.guard_audit_event();
--> statement-breakpoint
create trigger audit_events_no_truncate before truncate on agentdesk.audit_events
  for each statement execute function agentdesk.refuse_log_change();
--> statement-breakpoint
create trigger audit_events_queue after insert on agentdesk.audit_events
  referencing new table as added for each statement execute function agentdesk.queue_for_sealing();
--> statement-breakpoint
-- Begins the present month, once: its partition, then its ids. Nothing waits for it (attaching does not lock out inserts), and
-- a month that begins late is only a longer one before. The application may call it; it can do nothing else with it.
create function agentdesk.begin_audit_month() returns boolean language plpgsql security definer set search_path = pg_catalog as $$
declare
  month integer := agentdesk.audit_month(now());
  first_id bigint := month::bigint << 33;
  part text := 'audit_events_' || to_char(now() at time zone 'UTC', 'YYYY_MM');
begin
  if (select last_value from agentdesk.audit_events_id_seq) >= first_id then
    return false;
  end if;
  perform pg_advisory_xact_lock(7204417);
  if (select last_value from agentdesk.audit_events_id_seq) >= first_id then
    return false;
  end if;
  if to_regclass('agentdesk.' || part) is null then
    execute format('create table agentdesk.%I (like agentdesk.audit_events including defaults including indexes)', part);
    execute format('create trigger audit_events_no_truncate before truncate on agentdesk.%I
      for each statement execute function agentdesk.refuse_log_change()', part);
    execute format('alter table agentdesk.audit_events attach partition agentdesk.%I for values from (%s) to (%s)',
      part, first_id, (month + 1)::bigint << 33);
  end if;
  perform setval('agentdesk.audit_events_id_seq', first_id);
  return true;
end $$;
--> statement-breakpoint
revoke all on function agentdesk.begin_audit_month() from public;
--> statement-breakpoint
grant execute on function agentdesk.begin_audit_month() to agentdesk_app;
