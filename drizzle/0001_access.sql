-- Roles. They are cluster-wide, so another database of the same server may have made them already.
do $$ begin create role agentdesk_app nologin; exception when duplicate_object or unique_violation then null; end $$;
--> statement-breakpoint
do $$ begin create role agentdesk_authority nologin; exception when duplicate_object or unique_violation then null; end $$;
--> statement-breakpoint
do $$ begin execute format('grant agentdesk_app, agentdesk_authority to %I', current_user); exception when others then raise notice 'grant of roles to % skipped: %', current_user, sqlerrm; end $$;
--> statement-breakpoint
grant usage on schema agentdesk to agentdesk_app, agentdesk_authority;
--> statement-breakpoint
grant usage on schema authority to agentdesk_authority;
--> statement-breakpoint
grant select, insert, update on all tables in schema agentdesk to agentdesk_app;
--> statement-breakpoint
grant usage on all sequences in schema agentdesk to agentdesk_app;
--> statement-breakpoint
grant select, insert, update, delete on all tables in schema authority to agentdesk_authority;
--> statement-breakpoint
grant usage on all sequences in schema authority to agentdesk_authority;
--> statement-breakpoint
-- Append-only: what is written here stays.
revoke update on agentdesk.audit_events, agentdesk.policy_versions, agentdesk.inbound_events from agentdesk_app;
--> statement-breakpoint
-- Housekeeping and uninstalls.
grant delete on agentdesk.inbound_events, agentdesk.installations to agentdesk_app;
--> statement-breakpoint
create function agentdesk.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit_events is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
create trigger audit_events_no_change before update or delete on agentdesk.audit_events
  for each row execute function agentdesk.refuse_change();
--> statement-breakpoint
create trigger audit_events_no_truncate before truncate on agentdesk.audit_events
  for each statement execute function agentdesk.refuse_change();
--> statement-breakpoint
-- What the authority may know of the desk: which leases an exchange can be made for, right now. A perform
-- lease counts only while its very attempt is executing and, where an approval was needed, that approval was
-- proved and consumed.
create view agentdesk.exchangeable_leases as
select l.id as lease_id, l.kind, l.issuer, l.subject, l.connection, l.vault_id, l.scopes, l.expires_at
from agentdesk.leases l
join agentdesk.accounts a on a.id = l.account_id
left join agentdesk.calls c on c.id = l.call_id
where l.ended_at is null
  and l.expires_at > clock_timestamp()
  and (l.kind = 'disconnect' or a.status <> 'disconnected')
  and (l.kind not in ('perform', 'reconcile') or c.id is not null)
  and (l.kind <> 'perform' or (
    c.status = 'executing' and c.attempt_id = l.attempt_id
    and (c.outcome = 'allow' or exists (
      select 1 from agentdesk.approvals p
      where p.call_id = c.id and p.status = 'approved' and p.consumed_at is not null and p.proved_at is not null))))
  and (l.kind <> 'reconcile' or c.status in ('executing', 'unknown'));
--> statement-breakpoint
grant select on agentdesk.exchangeable_leases to agentdesk_authority, agentdesk_app;
