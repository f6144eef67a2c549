CREATE TABLE "nexora"."browser_profiles" (
	"instance" text NOT NULL,
	"name" text NOT NULL,
	"session" text NOT NULL,
	"nonce" "bytea" NOT NULL,
	"ciphertext" "bytea" NOT NULL,
	"size_bytes" integer NOT NULL,
	"saved_at" timestamp with time zone NOT NULL,
	CONSTRAINT "browser_profiles_instance_name_pk" PRIMARY KEY("instance","name")
);
