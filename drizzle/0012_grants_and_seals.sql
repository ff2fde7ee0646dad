CREATE TABLE "agentdesk"."grant_uses" (
	"grant_id" uuid NOT NULL,
	"call_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "grant_uses_grant_id_call_id_pk" PRIMARY KEY("grant_id","call_id")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"code" text NOT NULL,
	"agent" text NOT NULL,
	"action" text NOT NULL,
	"declaration_hash" "bytea" NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"account_id" uuid NOT NULL,
	"template" jsonb NOT NULL,
	"sentence" text NOT NULL,
	"question" jsonb NOT NULL,
	"tier" text NOT NULL,
	"policy_version" text NOT NULL,
	"call_id" uuid NOT NULL,
	"max_uses" integer NOT NULL,
	"uses" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_why" text
);
--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" DROP CONSTRAINT "approvals_about";--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ADD COLUMN "grant_id" uuid;--> statement-breakpoint
ALTER TABLE "agentdesk"."policy_heads" ADD COLUMN "seal" "bytea";--> statement-breakpoint
CREATE INDEX "grants_member" ON "agentdesk"."grants" USING btree ("workspace_id","member_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_grant" ON "agentdesk"."approvals" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "calls_created" ON "agentdesk"."calls" USING btree ("workspace_id","created_at");--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ADD CONSTRAINT "approvals_about" CHECK (num_nonnulls(call_id, policy_version_id, link_request_id, grant_id) = 1
        and (kind = 'call') = (call_id is not null) and (kind = 'policy') = (policy_version_id is not null)
        and (kind = 'relink') = (link_request_id is not null) and (kind = 'grant') = (grant_id is not null)
        and (kind = 'call') = (turn_id is not null) and (kind = 'call') = (conversation_id is not null));