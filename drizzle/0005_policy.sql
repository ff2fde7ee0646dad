CREATE TABLE "agentdesk"."policy_built_ins" (
	"version" text PRIMARY KEY NOT NULL,
	"catalog" jsonb NOT NULL,
	"cedar" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."policy_heads" (
	"workspace_id" text NOT NULL,
	"owner" text NOT NULL,
	"number" integer NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policy_heads_workspace_id_owner_pk" PRIMARY KEY("workspace_id","owner")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."policy_versions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" text NOT NULL,
	"owner" text NOT NULL,
	"number" integer NOT NULL,
	"parent" integer NOT NULL,
	"document" jsonb NOT NULL,
	"cedar" text NOT NULL,
	"built_in" text NOT NULL,
	"author" text NOT NULL,
	"source" text NOT NULL,
	"diff" text[] NOT NULL,
	"classification" text NOT NULL,
	"status" text NOT NULL,
	"approval_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "policy_versions_number" ON "agentdesk"."policy_versions" USING btree ("workspace_id","owner","number");