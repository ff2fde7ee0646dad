-- What tells of people shows only inside its workspace: a query that forgets to say which one gets nothing. Writing is
-- not narrowed: an event of any workspace may be added, and none be changed. The owner sees all.
alter table agentdesk.audit_events enable row level security;
--> statement-breakpoint
create policy audit_events_inside on agentdesk.audit_events for select to agentdesk_app
  using (workspace_id = current_setting('agentdesk.workspace', true));
--> statement-breakpoint
create policy audit_events_add on agentdesk.audit_events for insert to agentdesk_app with check (true);
--> statement-breakpoint
alter table agentdesk.audit_pseudonyms enable row level security;
--> statement-breakpoint
create policy audit_pseudonyms_inside on agentdesk.audit_pseudonyms for select to agentdesk_app
  using (workspace_id = current_setting('agentdesk.workspace', true));
--> statement-breakpoint
create policy audit_pseudonyms_add on agentdesk.audit_pseudonyms for insert to agentdesk_app with check (true);
--> statement-breakpoint
alter table agentdesk.audit_findings enable row level security;
--> statement-breakpoint
create policy audit_findings_inside on agentdesk.audit_findings for select to agentdesk_app
  using (workspace_id = current_setting('agentdesk.workspace', true));
--> statement-breakpoint
create policy audit_findings_add on agentdesk.audit_findings for insert to agentdesk_app with check (true);
