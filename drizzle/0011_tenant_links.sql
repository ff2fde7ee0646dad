ALTER TABLE "agentdesk"."approvals" DROP CONSTRAINT "approvals_about";--> statement-breakpoint
DROP INDEX "agentdesk"."links_subject";--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ADD COLUMN "link_request_id" uuid;--> statement-breakpoint
ALTER TABLE "agentdesk"."connect_requests" ADD COLUMN "kind" text DEFAULT 'account' NOT NULL;--> statement-breakpoint
ALTER TABLE "agentdesk"."connect_requests" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "agentdesk"."links" ADD COLUMN "refresh_sealed" text;--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_link_request" ON "agentdesk"."approvals" USING btree ("link_request_id");--> statement-breakpoint
CREATE UNIQUE INDEX "links_subject" ON "agentdesk"."links" USING btree ("workspace_id","issuer","subject") WHERE unlinked_at is null;--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ADD CONSTRAINT "approvals_about" CHECK ((kind = 'call' and call_id is not null and turn_id is not null and conversation_id is not null and policy_version_id is null and link_request_id is null)
        or (kind = 'policy' and call_id is null and turn_id is null and conversation_id is null and policy_version_id is not null and link_request_id is null)
        or (kind = 'relink' and call_id is null and turn_id is null and conversation_id is null and policy_version_id is null and link_request_id is not null));