CREATE TABLE "nexora"."tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"instance" text NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"scope" text NOT NULL,
	"sessions" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "tokens_name_unique" UNIQUE("instance","name"),
	CONSTRAINT "tokens_scope_known" CHECK ("nexora"."tokens"."scope" in ('read', 'act', 'admin'))
);
--> statement-breakpoint
ALTER TABLE "nexora"."audit" ADD COLUMN "principal_kind" text;--> statement-breakpoint
ALTER TABLE "nexora"."audit" ADD COLUMN "principal_name" text;--> statement-breakpoint
UPDATE "nexora"."audit" SET
	"principal_kind" = split_part("actor", ':', 1),
	"principal_name" = substr("actor", strpos("actor", ':') + 1);--> statement-breakpoint
ALTER TABLE "nexora"."audit" ALTER COLUMN "principal_kind" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."audit" ALTER COLUMN "principal_name" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."audit" ADD COLUMN "session_id" text;--> statement-breakpoint
ALTER TABLE "nexora"."audit" ADD COLUMN "code" text;--> statement-breakpoint
UPDATE "nexora"."audit" SET "code" = 'http_' || "status" WHERE "status" >= 400;--> statement-breakpoint
ALTER TABLE "nexora"."audit" DROP COLUMN "status";--> statement-breakpoint
ALTER TABLE "nexora"."sessions" ADD COLUMN "node" text DEFAULT 'local' NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."sessions" ADD COLUMN "engine" text;--> statement-breakpoint
ALTER TABLE "nexora"."audit" DROP COLUMN "actor";
