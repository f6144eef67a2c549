CREATE TABLE "nexora"."audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"instance" text NOT NULL,
	"time" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"operation" text NOT NULL,
	"session" text,
	"status" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "nexora"."events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"instance" text NOT NULL,
	"time" timestamp with time zone DEFAULT now() NOT NULL,
	"type" text NOT NULL,
	"session_id" text,
	"session_name" text,
	"message" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "nexora"."sessions" DROP CONSTRAINT "sessions_state_known";--> statement-breakpoint
ALTER TABLE "nexora"."sessions" ADD COLUMN "restart" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."sessions" ADD COLUMN "runtime" text;--> statement-breakpoint
ALTER TABLE "nexora"."sessions" ADD COLUMN "log_tail" text;--> statement-breakpoint
ALTER TABLE "nexora"."sessions" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "audit_instance_time" ON "nexora"."audit" USING btree ("instance","time");--> statement-breakpoint
CREATE INDEX "events_instance_id" ON "nexora"."events" USING btree ("instance","id");--> statement-breakpoint
ALTER TABLE "nexora"."sessions" ADD CONSTRAINT "sessions_state_known" CHECK ("nexora"."sessions"."state" in ('creating', 'running', 'stopping', 'stopped', 'failed', 'removing'));