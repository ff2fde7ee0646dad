CREATE TABLE "agentdesk"."audit_checkpoints" (
	"workspace_id" text NOT NULL,
	"size" bigint NOT NULL,
	"kid" text NOT NULL,
	"note" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_checkpoints_workspace_id_size_pk" PRIMARY KEY("workspace_id","size")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_findings" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"found_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_findings_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_leaves" (
	"workspace_id" text NOT NULL,
	"index" bigint NOT NULL,
	"event_id" bigint NOT NULL,
	"leaf" text NOT NULL,
	CONSTRAINT "audit_leaves_workspace_id_index_pk" PRIMARY KEY("workspace_id","index")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_logs" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"log_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"size" bigint DEFAULT 0 NOT NULL,
	"edge" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"checked_to" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "audit_logs_log_id_unique" UNIQUE("log_id")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_nodes" (
	"workspace_id" text NOT NULL,
	"level" integer NOT NULL,
	"index" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_nodes_workspace_id_level_index_pk" PRIMARY KEY("workspace_id","level","index")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_pseudonyms" (
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"pseudonym" uuid DEFAULT gen_random_uuid() NOT NULL,
	CONSTRAINT "audit_pseudonyms_workspace_id_member_id_pk" PRIMARY KEY("workspace_id","member_id"),
	CONSTRAINT "audit_pseudonyms_pseudonym_unique" UNIQUE("pseudonym")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_salts" (
	"event_id" bigint PRIMARY KEY NOT NULL,
	"salt" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_unsealed" (
	"event_id" bigint PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_witnesses" (
	"workspace_id" text NOT NULL,
	"witness" text NOT NULL,
	"size" bigint DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"sent_at" timestamp with time zone,
	CONSTRAINT "audit_witnesses_workspace_id_witness_pk" PRIMARY KEY("workspace_id","witness")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."origin" (
	"single" boolean PRIMARY KEY NOT NULL,
	"identity" text NOT NULL,
	"heartbeat" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ALTER COLUMN "call_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ALTER COLUMN "turn_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ALTER COLUMN "conversation_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ADD COLUMN "policy_version_id" uuid;--> statement-breakpoint
ALTER TABLE "agentdesk"."calls" ADD COLUMN "decision_seal" "bytea";--> statement-breakpoint
ALTER TABLE "agentdesk"."connect_requests" ADD COLUMN "code_hash" text;--> statement-breakpoint
ALTER TABLE "agentdesk"."members" ADD COLUMN "home" jsonb;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_leaves_event" ON "agentdesk"."audit_leaves" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "audit_unsealed_workspace" ON "agentdesk"."audit_unsealed" USING btree ("workspace_id","event_id");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_policy_version" ON "agentdesk"."approvals" USING btree ("policy_version_id");--> statement-breakpoint
CREATE INDEX "calls_claimable" ON "agentdesk"."calls" USING btree ("execute_by") WHERE status in ('allowed','approved');--> statement-breakpoint
ALTER TABLE "agentdesk"."approvals" ADD CONSTRAINT "approvals_about" CHECK ((kind = 'call' and call_id is not null and turn_id is not null and conversation_id is not null and policy_version_id is null)
        or (kind = 'policy' and call_id is null and turn_id is null and conversation_id is null and policy_version_id is not null));