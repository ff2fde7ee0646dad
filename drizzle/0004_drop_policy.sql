DROP TABLE "agentdesk"."policy_heads" CASCADE;--> statement-breakpoint
DROP TABLE "agentdesk"."policy_versions" CASCADE;