CREATE TABLE "agentdesk"."factor_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"kind" text NOT NULL,
	"factor_id" uuid,
	"browser_hash" text,
	"candidate" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."factors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"counts_from" timestamp with time zone NOT NULL,
	"vouched_by" text,
	"removed_at" timestamp with time zone,
	"removed_by" text,
	"seal" text NOT NULL,
	CONSTRAINT "factors_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."strong_challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"approval_id" uuid,
	"factor_request_id" uuid,
	"ceremony" text NOT NULL,
	"nonce" "bytea" NOT NULL,
	"challenge" "bytea" NOT NULL,
	"rp_id" text NOT NULL,
	"origin" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"factor_id" uuid,
	"assertion" jsonb
);
--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ADD COLUMN "strong_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "factors_member" ON "agentdesk"."factors" USING btree ("workspace_id","member_id") WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX "strong_challenges_approval" ON "agentdesk"."strong_challenges" USING btree ("approval_id");--> statement-breakpoint
CREATE INDEX "strong_challenges_request" ON "agentdesk"."strong_challenges" USING btree ("factor_request_id");--> statement-breakpoint
CREATE INDEX "approvals_unconfirmed" ON "agentdesk"."approvals" USING btree ("execute_by") WHERE status = 'approved' and tier = 'approve_strong' and strong_at is null;