-- Whom a request asks, and about what, never changes; only what became of it does.
grant select, insert on agentdesk.strong_requests to agentdesk_app;
--> statement-breakpoint
grant update (status, auth_req_id_sealed, interval_seconds, next_poll_at, lease_id, asked_at, asks, deadline_at, trouble, settled_at, proof_jti, proof_seal)
  on agentdesk.strong_requests to agentdesk_app;
--> statement-breakpoint
grant select, insert on agentdesk.tenant_log_cursors, agentdesk.tenant_log_entries to agentdesk_app;
--> statement-breakpoint
grant update (last_log_id, next_read_at, last_error) on agentdesk.tenant_log_cursors to agentdesk_app;
--> statement-breakpoint
grant update (verdict, event_id) on agentdesk.tenant_log_entries to agentdesk_app;
--> statement-breakpoint
-- What was judged is of no use after some weeks.
grant delete on agentdesk.tenant_log_entries to agentdesk_app;
