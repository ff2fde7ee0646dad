CREATE TABLE "agentdesk"."audit_holds" (
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"reason" text NOT NULL,
	"placed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_holds_workspace_id_member_id_pk" PRIMARY KEY("workspace_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_streams" (
	"workspace_id" text NOT NULL,
	"sink" text NOT NULL,
	"next" bigint DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"sent_at" timestamp with time zone,
	CONSTRAINT "audit_streams_workspace_id_sink_pk" PRIMARY KEY("workspace_id","sink")
);
