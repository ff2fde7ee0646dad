-- Drops a month of the log, as the owner. Its leaves, the tree and the checkpoints stay; salts go with the rows, whom they
-- would only help to guess. Refused while anything of it is not sealed, not covered by a checkpoint, not older than
-- the cutoff, or held. Records what it did in each log.
create function agentdesk.prune_audit_month(part text, cutoff timestamptz) returns table (workspace text, pruned bigint)
  language plpgsql security definer set search_path = pg_catalog as $$
declare
  bounds text;
  problem text;
  log record;
begin
  select pg_get_expr(c.relpartbound, c.oid) into bounds from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'agentdesk.audit_events'::regclass and c.relname = part;
  if bounds is null then
    raise exception '% is no month of the log', part using errcode = 'undefined_table';
  end if;
  if exists (select 1 from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'agentdesk.audit_events'::regclass and c.relname <> part
        and coalesce(substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \(''?(\d+)')::bigint, 0)
          < coalesce(substring(bounds from 'FROM \(''?(\d+)')::bigint, 0)) then
    raise exception 'there is an older month than %', part using errcode = 'object_not_in_prerequisite_state';
  end if;
  if (select last_value from agentdesk.audit_events_id_seq) < substring(bounds from 'TO \(''?(\d+)''?\)')::bigint then
    raise exception 'the log still grows in %', part using errcode = 'object_not_in_prerequisite_state';
  end if;
  execute format('create temp table pruning on commit drop as
    select e.workspace_id as workspace, count(*) as events, max(e.at) as until, max(l.index) as last_index,
      count(*) filter (where l.index is null) as unsealed,
      bool_or(exists (select 1 from agentdesk.audit_holds h
        where h.workspace_id = e.workspace_id and h.member_id in ('''', coalesce(e.member_id, '''')))) as held
    from agentdesk.%I e left join agentdesk.audit_leaves l on l.event_id = e.id group by e.workspace_id', part);
  select case
      when p.until >= cutoff then 'has events that are not old enough'
      when p.unsealed > 0 then 'has events that are not sealed'
      when p.held then 'is under legal hold'
      else 'has events that no checkpoint covers' end || ' in workspace ' || p.workspace into problem
    from pg_temp.pruning p
    where p.until >= cutoff or p.unsealed > 0 or p.held or p.last_index >= coalesce(
      (select max(c.size) from agentdesk.audit_checkpoints c where c.workspace_id = p.workspace), 0)
    order by p.workspace limit 1;
  if problem is not null then
    raise exception '% %', part, problem using errcode = 'object_not_in_prerequisite_state';
  end if;
  perform set_config('lock_timeout', '5s', true);
  perform set_config('agentdesk.erasing', 'pruning', true);
  execute format('delete from agentdesk.audit_salts s using agentdesk.%I e where s.event_id = e.id', part);
  perform set_config('agentdesk.erasing', '', true);
  execute format('alter table agentdesk.audit_events detach partition agentdesk.%I', part);
  execute format('drop table agentdesk.%I', part);
  for log in select * from pg_temp.pruning order by 1 loop
    insert into agentdesk.audit_events (workspace_id, type, actor, outcome, detail)
      values (log.workspace, 'audit.pruned', 'operator', 'before_' || log.last_index + 1,
        jsonb_build_object('until', to_char(log.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'events', log.events));
    workspace := log.workspace;
    pruned := log.events;
    return next;
  end loop;
end $$;
--> statement-breakpoint
revoke all on function agentdesk.prune_audit_month(text, timestamptz) from public;
--> statement-breakpoint
-- As before, and refused under legal hold.
create or replace function agentdesk.erase_member(workspace text, member text) returns bigint
  language plpgsql security definer set search_path = pg_catalog as $$
declare
  known uuid;
  erased bigint;
begin
  if exists (select 1 from agentdesk.audit_holds where workspace_id = workspace and member_id in ('', member)) then
    raise exception 'this member is under legal hold' using errcode = 'object_not_in_prerequisite_state';
  end if;
  perform 1 from agentdesk.audit_logs where workspace_id = workspace for update;
  if exists (select 1 from agentdesk.audit_unsealed u join agentdesk.audit_events e on e.id = u.event_id
             where e.workspace_id = workspace and e.member_id = member) then
    raise exception 'events of this member are not sealed yet' using errcode = 'object_not_in_prerequisite_state';
  end if;
  perform set_config('agentdesk.erasing', workspace || '/' || member, true);
  delete from agentdesk.audit_pseudonyms where workspace_id = workspace and member_id = member returning pseudonym into known;
  if known is null then
    perform set_config('agentdesk.erasing', '', true);
    return null;
  end if;
  delete from agentdesk.audit_salts s using agentdesk.audit_events e
    where s.event_id = e.id and e.workspace_id = workspace and e.member_id = member;
  update agentdesk.audit_events set actor = 'erased', member_id = null, agent = null, action = null, target = null, why = null,
    call_id = null, code = null, turn_id = null, trace_id = null, detail = '{}'
    where workspace_id = workspace and member_id = member;
  get diagnostics erased = row_count;
  perform set_config('agentdesk.erasing', '', true);
  insert into agentdesk.audit_events (workspace_id, type, actor, outcome, detail)
    values (workspace, 'member.erased', 'operator', 'erased', jsonb_build_object('pseudonym', known, 'events', erased));
  return erased;
end $$;
