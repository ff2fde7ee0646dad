CREATE TABLE "agentdesk"."revocations" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"actor" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text
);
--> statement-breakpoint
ALTER TABLE "agentdesk"."members" ADD COLUMN "checked_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "agentdesk"."members" ADD COLUMN "left_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "revocations_due" ON "agentdesk"."revocations" USING btree ("due_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "revocations_member" ON "agentdesk"."revocations" USING btree ("workspace_id","member_id");