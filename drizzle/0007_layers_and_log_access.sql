grant select, insert, update on agentdesk.origin to agentdesk_app;
--> statement-breakpoint
-- What a version says never changes; only what became of it does. Heads move, and a claim locks them.
grant select, insert on agentdesk.policy_built_ins, agentdesk.policy_versions, agentdesk.policy_heads to agentdesk_app;
--> statement-breakpoint
grant update (status, approval_id, activated_at, ended_at) on agentdesk.policy_versions to agentdesk_app;
--> statement-breakpoint
grant update (number, updated_at) on agentdesk.policy_heads to agentdesk_app;
--> statement-breakpoint
-- Calls that were decided before there were layers must find the heads they are claimed under.
insert into agentdesk.policy_heads (workspace_id, owner, number)
select workspace_id, '', 0 from agentdesk.calls
union select workspace_id, member_id, 0 from agentdesk.calls
on conflict do nothing;
--> statement-breakpoint
grant select on agentdesk.audit_logs, agentdesk.audit_unsealed, agentdesk.audit_leaves, agentdesk.audit_salts, agentdesk.audit_pseudonyms,
  agentdesk.audit_nodes, agentdesk.audit_checkpoints, agentdesk.audit_witnesses, agentdesk.audit_findings to agentdesk_app;
--> statement-breakpoint
grant insert on agentdesk.audit_logs, agentdesk.audit_leaves, agentdesk.audit_salts, agentdesk.audit_pseudonyms, agentdesk.audit_nodes,
  agentdesk.audit_checkpoints, agentdesk.audit_witnesses, agentdesk.audit_findings to agentdesk_app;
--> statement-breakpoint
grant update (size, edge, checked_to) on agentdesk.audit_logs to agentdesk_app;
--> statement-breakpoint
grant update (size, attempts, due_at, last_error, sent_at) on agentdesk.audit_witnesses to agentdesk_app;
--> statement-breakpoint
grant delete on agentdesk.audit_unsealed to agentdesk_app;
--> statement-breakpoint
-- Whoever inserts an event, it waits for its leaf; the application itself may not queue, only seal.
create function agentdesk.queue_for_sealing() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into agentdesk.audit_unsealed (event_id, workspace_id) select id, workspace_id from added;
  return null;
end $$;
--> statement-breakpoint
create trigger audit_events_queue after insert on agentdesk.audit_events
  referencing new table as added for each statement execute function agentdesk.queue_for_sealing();
--> statement-breakpoint
insert into agentdesk.audit_unsealed (event_id, workspace_id) select id, workspace_id from agentdesk.audit_events;
--> statement-breakpoint
-- The one change an event may undergo: all that tells of an erased member goes, inside erase_member().
create function agentdesk.guard_audit_event() returns trigger language plpgsql set search_path = pg_catalog as $$
declare
  blank agentdesk.audit_events;
begin
  if tg_op = 'UPDATE' and current_setting('agentdesk.erasing', true) = old.workspace_id || '/' || old.member_id then
    blank := old;
    blank.actor := 'erased';
    blank.member_id := null;
    blank.agent := null;
    blank.action := null;
    blank.target := null;
    blank.why := null;
    blank.call_id := null;
    blank.code := null;
    blank.turn_id := null;
    blank.trace_id := null;
    blank.detail := '{}';
    if new is not distinct from blank then
      return new;
    end if;
  end if;
  raise exception 'audit_events is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
drop trigger audit_events_no_change on agentdesk.audit_events;
--> statement-breakpoint
create trigger audit_events_no_change before update or delete on agentdesk.audit_events
  for each row execute function agentdesk.guard_audit_event();
--> statement-breakpoint
create function agentdesk.refuse_log_change() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
create function agentdesk.refuse_unless_erasing() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if tg_op = 'DELETE' and coalesce(current_setting('agentdesk.erasing', true), '') <> '' then
    return old;
  end if;
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
create trigger audit_leaves_no_change before update or delete on agentdesk.audit_leaves
  for each row execute function agentdesk.refuse_log_change();
--> statement-breakpoint
create trigger audit_leaves_no_truncate before truncate on agentdesk.audit_leaves
  for each statement execute function agentdesk.refuse_log_change();
--> statement-breakpoint
create trigger audit_nodes_no_change before update or delete on agentdesk.audit_nodes
  for each row execute function agentdesk.refuse_log_change();
--> statement-breakpoint
create trigger audit_nodes_no_truncate before truncate on agentdesk.audit_nodes
  for each statement execute function agentdesk.refuse_log_change();
--> statement-breakpoint
create trigger audit_checkpoints_no_change before update or delete on agentdesk.audit_checkpoints
  for each row execute function agentdesk.refuse_log_change();
--> statement-breakpoint
create trigger audit_checkpoints_no_truncate before truncate on agentdesk.audit_checkpoints
  for each statement execute function agentdesk.refuse_log_change();
--> statement-breakpoint
create trigger audit_salts_no_change before update or delete on agentdesk.audit_salts
  for each row execute function agentdesk.refuse_unless_erasing();
--> statement-breakpoint
create trigger audit_salts_no_truncate before truncate on agentdesk.audit_salts
  for each statement execute function agentdesk.refuse_log_change();
--> statement-breakpoint
create trigger audit_pseudonyms_no_change before update or delete on agentdesk.audit_pseudonyms
  for each row execute function agentdesk.refuse_unless_erasing();
--> statement-breakpoint
create trigger audit_pseudonyms_no_truncate before truncate on agentdesk.audit_pseudonyms
  for each statement execute function agentdesk.refuse_log_change();
--> statement-breakpoint
-- Blanks what the log says of one member, deletes their salts and pseudonym, and records that it did. The leaves stay.
-- Returns how many events, or null when the log knows no such member.
create function agentdesk.erase_member(workspace text, member text) returns bigint
  language plpgsql security definer set search_path = pg_catalog as $$
declare
  known uuid;
  erased bigint;
begin
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
--> statement-breakpoint
revoke all on function agentdesk.erase_member(text, text) from public;
