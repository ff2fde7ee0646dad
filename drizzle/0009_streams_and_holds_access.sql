grant select, insert on agentdesk.audit_streams to agentdesk_app;
--> statement-breakpoint
grant update (next, attempts, due_at, last_error, sent_at) on agentdesk.audit_streams to agentdesk_app;
--> statement-breakpoint
-- A hold is placed and lifted by the owner; the application only heeds it.
grant select on agentdesk.audit_holds to agentdesk_app;
