CREATE SCHEMA "authority";
--> statement-breakpoint
CREATE SCHEMA "agentdesk";
--> statement-breakpoint
CREATE TABLE "authority"."signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"private_sealed" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "authority"."clicks" (
	"approval_digest" text PRIMARY KEY NOT NULL,
	"auth_req_id" text NOT NULL,
	"decision" text NOT NULL,
	"click" text NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "authority"."connect_sessions" (
	"session_hash" text PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"connection" text NOT NULL,
	"redirect_uri" text NOT NULL,
	"code_challenge" text NOT NULL,
	"scopes" text[] NOT NULL,
	"verifier_sealed" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"completed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "authority"."connected_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"connection" text NOT NULL,
	"provider_id" text NOT NULL,
	"label" text NOT NULL,
	"email_verified" text,
	"scopes" text[] NOT NULL,
	"refresh_token_sealed" text,
	"access_token_sealed" text,
	"access_expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "authority"."exchanges" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"lease_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"connection" text NOT NULL,
	"outcome" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "authority"."oidc_records" (
	"model" text NOT NULL,
	"id" text NOT NULL,
	"payload" jsonb NOT NULL,
	"grant_id" text,
	"uid" text,
	"expires_at" timestamp with time zone,
	"consumed_at" timestamp with time zone,
	CONSTRAINT "oidc_records_model_id_pk" PRIMARY KEY("model","id")
);
--> statement-breakpoint
CREATE TABLE "authority"."seen_assertions" (
	"jti" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"kind" text NOT NULL,
	"call_id" uuid NOT NULL,
	"turn_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"tier" text NOT NULL,
	"status" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"code" text NOT NULL,
	"presentation" jsonb NOT NULL,
	"presentation_hash" "bytea" NOT NULL,
	"digest" "bytea" NOT NULL,
	"policy_version" text NOT NULL,
	"auth_req_id" text,
	"expires_at" timestamp with time zone NOT NULL,
	"execute_by" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone,
	"decided_at" timestamp with time zone,
	"decided_by" text,
	"decided_from" text,
	"reason" text,
	"click" text,
	"proof_jti" text,
	"proved_at" timestamp with time zone,
	"consumed_at" timestamp with time zone,
	CONSTRAINT "approvals_proof_jti_unique" UNIQUE("proof_jti")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"turn_id" text NOT NULL,
	"tool_call_id" text NOT NULL,
	"revision" integer NOT NULL,
	"agent" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"connection" text NOT NULL,
	"account_id" uuid NOT NULL,
	"account_label" text NOT NULL,
	"action" text NOT NULL,
	"declaration_hash" "bytea" NOT NULL,
	"raw_digest" "bytea" NOT NULL,
	"raw_args" "bytea" NOT NULL,
	"args" "bytea" NOT NULL,
	"sameness" "bytea" NOT NULL,
	"nonce" "bytea" NOT NULL,
	"digest" "bytea" NOT NULL,
	"code" text NOT NULL,
	"policy_call" jsonb NOT NULL,
	"outcome" text NOT NULL,
	"rules" jsonb NOT NULL,
	"policy_version" text NOT NULL,
	"status" text NOT NULL,
	"execute_by" timestamp with time zone,
	"attempt_id" uuid,
	"handle" jsonb,
	"result" jsonb,
	"error_code" text,
	"error_message" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"claimed_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"reconcile_at" timestamp with time zone,
	"reconcile_attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."leases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"kind" text NOT NULL,
	"call_id" uuid,
	"attempt_id" uuid,
	"account_id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"connection" text NOT NULL,
	"vault_id" text NOT NULL,
	"action" text NOT NULL,
	"scopes" text[] NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"channel" text NOT NULL,
	"thread_ts" text NOT NULL,
	"member_id" text NOT NULL,
	"history" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"summary" text DEFAULT '' NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."inbound_events" (
	"workspace_id" text NOT NULL,
	"event_id" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbound_events_workspace_id_event_id_pk" PRIMARY KEY("workspace_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."inbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"turn_id" text NOT NULL,
	"kind" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"channel" text NOT NULL,
	"thread_ts" text,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"target_key" text,
	"payload" jsonb NOT NULL,
	"ts" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	"failed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."turns" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"member_id" text NOT NULL,
	"channel" text NOT NULL,
	"thread_ts" text NOT NULL,
	"surface" text NOT NULL,
	"agent" text DEFAULT 'default' NOT NULL,
	"text" text NOT NULL,
	"status" text NOT NULL,
	"trace_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."audit_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"type" text NOT NULL,
	"actor" text NOT NULL,
	"member_id" text,
	"agent" text,
	"action" text,
	"target" text,
	"outcome" text NOT NULL,
	"why" text,
	"call_id" uuid,
	"code" text,
	"turn_id" text,
	"trace_id" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."policy_heads" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"version" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."policy_versions" (
	"workspace_id" text NOT NULL,
	"version" text NOT NULL,
	"layers" jsonb NOT NULL,
	"author" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policy_versions_workspace_id_version_pk" PRIMARY KEY("workspace_id","version")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"private_sealed" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"connection" text NOT NULL,
	"vault_id" text NOT NULL,
	"provider_id" text,
	"label" text NOT NULL,
	"scopes" text[] NOT NULL,
	"status" text NOT NULL,
	"connected_at" timestamp with time zone DEFAULT now() NOT NULL,
	"disconnected_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."connect_requests" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"connection" text NOT NULL,
	"scopes" text[] NOT NULL,
	"purpose" text NOT NULL,
	"status" text NOT NULL,
	"turn_id" text,
	"tool_call_id" text,
	"browser_hash" text,
	"state_hash" text,
	"nonce" text,
	"session_sealed" text,
	"proved_by" text,
	"vault_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "connect_requests_state_hash_unique" UNIQUE("state_hash")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."installations" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"installation_sealed" text NOT NULL,
	"is_enterprise" boolean NOT NULL,
	"installed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."links" (
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"linked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"unlinked_at" timestamp with time zone,
	CONSTRAINT "links_workspace_id_member_id_pk" PRIMARY KEY("workspace_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."members" (
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"pseudonym" uuid DEFAULT gen_random_uuid() NOT NULL,
	"dm_channel" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_workspace_id_member_id_pk" PRIMARY KEY("workspace_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."stops" (
	"workspace_id" text NOT NULL,
	"member_id" text NOT NULL,
	"stopped_at" timestamp with time zone,
	"stopped_by" text,
	CONSTRAINT "stops_workspace_id_member_id_pk" PRIMARY KEY("workspace_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "agentdesk"."workspaces" (
	"id" text PRIMARY KEY NOT NULL,
	"enterprise_id" text,
	"name" text NOT NULL,
	"bot_user_id" text NOT NULL,
	"domains" text[] DEFAULT '{}' NOT NULL,
	"installed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"uninstalled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "connected_accounts_one" ON "authority"."connected_accounts" USING btree ("subject","connection","provider_id");--> statement-breakpoint
CREATE INDEX "exchanges_lease" ON "authority"."exchanges" USING btree ("lease_id");--> statement-breakpoint
CREATE INDEX "oidc_records_grant" ON "authority"."oidc_records" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "oidc_records_uid" ON "authority"."oidc_records" USING btree ("model","uid");--> statement-breakpoint
CREATE INDEX "oidc_records_expiry" ON "authority"."oidc_records" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_call" ON "agentdesk"."approvals" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "approvals_pending" ON "agentdesk"."approvals" USING btree ("expires_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "approvals_member" ON "agentdesk"."approvals" USING btree ("workspace_id","member_id","created_at");--> statement-breakpoint
CREATE INDEX "approvals_unproved" ON "agentdesk"."approvals" USING btree ("decided_at") WHERE status = 'approved' and proved_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "calls_key" ON "agentdesk"."calls" USING btree ("workspace_id","turn_id","tool_call_id","revision");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_open_code" ON "agentdesk"."calls" USING btree ("workspace_id","code") WHERE status in ('allowed','pending','approved','executing','unknown');--> statement-breakpoint
CREATE INDEX "calls_code" ON "agentdesk"."calls" USING btree ("workspace_id","code");--> statement-breakpoint
CREATE INDEX "calls_turn" ON "agentdesk"."calls" USING btree ("turn_id");--> statement-breakpoint
CREATE INDEX "calls_unsettled" ON "agentdesk"."calls" USING btree ("reconcile_at") WHERE status in ('executing','unknown');--> statement-breakpoint
CREATE INDEX "leases_call" ON "agentdesk"."leases" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "inbound_events_age" ON "agentdesk"."inbound_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "inbox_open" ON "agentdesk"."inbox" USING btree ("conversation_id","id") WHERE processed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_key" ON "agentdesk"."outbox" USING btree ("workspace_id","key");--> statement-breakpoint
CREATE INDEX "outbox_open" ON "agentdesk"."outbox" USING btree ("workspace_id","channel","id") WHERE sent_at is null and failed_at is null;--> statement-breakpoint
CREATE INDEX "turns_conversation" ON "agentdesk"."turns" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE INDEX "audit_events_member" ON "agentdesk"."audit_events" USING btree ("workspace_id","member_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_workspace" ON "agentdesk"."audit_events" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_call" ON "agentdesk"."audit_events" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "audit_events_code" ON "agentdesk"."audit_events" USING btree ("workspace_id","code");--> statement-breakpoint
CREATE INDEX "accounts_member" ON "agentdesk"."accounts" USING btree ("workspace_id","member_id","connection");--> statement-breakpoint
CREATE INDEX "connect_requests_waiting" ON "agentdesk"."connect_requests" USING btree ("workspace_id","turn_id","tool_call_id");--> statement-breakpoint
CREATE UNIQUE INDEX "links_subject" ON "agentdesk"."links" USING btree ("workspace_id","issuer","subject");