-- What a grant says never changes; only what became of it does, and how often it was used. A use is never taken back.
grant select, insert on agentdesk.grants, agentdesk.grant_uses to agentdesk_app;
--> statement-breakpoint
grant update (status, uses, activated_at, ended_at, ended_why) on agentdesk.grants to agentdesk_app;
--> statement-breakpoint
grant update (seal) on agentdesk.policy_heads to agentdesk_app;
--> statement-breakpoint
create function agentdesk.refuse_grant_use_change() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'uses of grants are append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
create trigger grant_uses_no_change before update or delete on agentdesk.grant_uses
  for each row execute function agentdesk.refuse_grant_use_change();
