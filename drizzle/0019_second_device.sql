CREATE TABLE "agentdesk"."strong_requests" (
	"approval_id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"factor_id" uuid NOT NULL,
	"status" text NOT NULL,
	"auth_req_id_sealed" text,
	"interval_seconds" integer DEFAULT 5 NOT NULL,
	"next_poll_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_id" uuid,
	"asked_at" timestamp with time zone,
	"asks" integer DEFAULT 0 NOT NULL,
	"deadline_at" timestamp with time zone,
	"trouble" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	"proof_jti" text,
	"proof_seal" text,
	CONSTRAINT "strong_requests_proof_jti_unique" UNIQUE("proof_jti")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."tenant_log_cursors" (
	"issuer" text PRIMARY KEY NOT NULL,
	"last_log_id" text,
	"next_read_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."tenant_log_entries" (
	"issuer" text NOT NULL,
	"log_id" text NOT NULL,
	"type" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"subject" text NOT NULL,
	"connection" text,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"verdict" text,
	"event_id" bigint,
	CONSTRAINT "tenant_log_entries_issuer_log_id_pk" PRIMARY KEY("issuer","log_id"),
	CONSTRAINT "tenant_log_entries_event_id_unique" UNIQUE("event_id")
);
--> statement-breakpoint
ALTER TABLE "agentdesk"."factors" ADD COLUMN "kind" text DEFAULT 'passkey' NOT NULL;--> statement-breakpoint
CREATE INDEX "strong_requests_due" ON "agentdesk"."strong_requests" USING btree ("next_poll_at") WHERE status in ('asking', 'waiting');--> statement-breakpoint
CREATE INDEX "strong_requests_asked" ON "agentdesk"."strong_requests" USING btree ("issuer","asked_at");--> statement-breakpoint
CREATE INDEX "tenant_log_entries_open" ON "agentdesk"."tenant_log_entries" USING btree ("received_at") WHERE verdict is null;