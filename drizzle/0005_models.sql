CREATE TABLE "nexora"."gateway_usage" (
	"instance" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"caller_id" text NOT NULL,
	"caller_kind" text NOT NULL,
	"caller_name" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"failed" bigint DEFAULT 0 NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"reasoning_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_usd" double precision DEFAULT 0 NOT NULL,
	CONSTRAINT "gateway_usage_instance_hour_caller_id_provider_model_pk" PRIMARY KEY("instance","hour","caller_id","provider","model")
);
--> statement-breakpoint
ALTER TABLE "nexora"."tokens" DROP CONSTRAINT "tokens_scope_known";--> statement-breakpoint
ALTER TABLE "nexora"."tokens" ADD COLUMN "models" jsonb;--> statement-breakpoint
ALTER TABLE "nexora"."tokens" ADD COLUMN "rpm" integer;--> statement-breakpoint
ALTER TABLE "nexora"."tokens" ADD COLUMN "tpm" integer;--> statement-breakpoint
ALTER TABLE "nexora"."tokens" ADD COLUMN "budget_day_usd" double precision;--> statement-breakpoint
ALTER TABLE "nexora"."tokens" ADD COLUMN "budget_month_usd" double precision;--> statement-breakpoint
ALTER TABLE "nexora"."tokens" ADD CONSTRAINT "tokens_scope_known" CHECK ("nexora"."tokens"."scope" in ('read', 'act', 'admin', 'models'));