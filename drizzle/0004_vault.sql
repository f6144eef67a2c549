-- Nothing has ever written to it: the columns can be what they have to be.
DELETE FROM "nexora"."providers_auth";--> statement-breakpoint
DROP INDEX "nexora"."providers_auth_provider";--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "instance" text NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "name" text NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "key_id" text NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "nonce" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "ciphertext" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "last4" text NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "rpm" integer;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "tpm" bigint;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "health" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD COLUMN "announced" text;--> statement-breakpoint
ALTER TABLE "nexora"."sessions" ADD COLUMN "models" jsonb;--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" DROP COLUMN "label";--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" DROP COLUMN "sealed";--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD CONSTRAINT "providers_auth_name_unique" UNIQUE("instance","provider","name");--> statement-breakpoint
ALTER TABLE "nexora"."providers_auth" ADD CONSTRAINT "providers_auth_health_known" CHECK ("nexora"."providers_auth"."health" in ('unknown', 'good', 'refused', 'limited'));