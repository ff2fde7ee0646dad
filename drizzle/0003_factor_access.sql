-- What an authenticator was, and what it was asked, never changes; only what became of it does.
grant select, insert on agentdesk.factors, agentdesk.factor_requests, agentdesk.strong_challenges to agentdesk_app;
--> statement-breakpoint
grant update (counter, counts_from, vouched_by, removed_at, removed_by, seal) on agentdesk.factors to agentdesk_app;
--> statement-breakpoint
grant update (browser_hash, candidate, used_at) on agentdesk.factor_requests to agentdesk_app;
--> statement-breakpoint
grant update (used_at, factor_id, assertion) on agentdesk.strong_challenges to agentdesk_app;
--> statement-breakpoint
-- The authority exchanges nothing for a call of the strong tier that no passkey confirmed.
create or replace view agentdesk.exchangeable_leases as
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
      where p.call_id = c.id and p.status = 'approved' and p.consumed_at is not null and p.proved_at is not null
        and p.tier = c.outcome and (p.tier <> 'approve_strong' or p.strong_at is not null)))))
  and (l.kind <> 'reconcile' or c.status in ('executing', 'unknown'));
