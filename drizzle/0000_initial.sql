CREATE TABLE "nexora"."meta" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "nexora"."port_allocations" (
	"instance" text NOT NULL,
	"port" integer NOT NULL,
	"pool" text NOT NULL,
	"session_id" text,
	"allocated_at" timestamp with time zone,
	CONSTRAINT "port_allocations_instance_port_pk" PRIMARY KEY("instance","port"),
	CONSTRAINT "port_allocations_pool_known" CHECK ("nexora"."port_allocations"."pool" in ('vnc', 'cdp'))
);
--> statement-breakpoint
CREATE TABLE "nexora"."providers_auth" (
	"id" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"label" text NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "nexora"."sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"instance" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"workspace" text,
	"image" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"profile" text NOT NULL,
	"network" text NOT NULL,
	"cpus" double precision NOT NULL,
	"memory_bytes" bigint NOT NULL,
	"pids" integer NOT NULL,
	"uid" bigint NOT NULL,
	"gid" bigint NOT NULL,
	"ttl_ms" bigint,
	"idle_ms" bigint,
	"handle" text,
	"env" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"browser" boolean DEFAULT false NOT NULL,
	"ready_ms" double precision,
	"notices" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "sessions_state_known" CHECK ("nexora"."sessions"."state" in ('creating', 'running', 'stopped', 'failed', 'removing'))
);
--> statement-breakpoint
CREATE TABLE "nexora"."vnc_sessions" (
	"session_id" text PRIMARY KEY NOT NULL,
	"password_sealed" text NOT NULL,
	"token_sealed" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "nexora"."port_allocations" ADD CONSTRAINT "port_allocations_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "nexora"."sessions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "nexora"."vnc_sessions" ADD CONSTRAINT "vnc_sessions_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "nexora"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "port_allocations_session_unique" ON "nexora"."port_allocations" USING btree ("session_id","pool");--> statement-breakpoint
CREATE INDEX "providers_auth_provider" ON "nexora"."providers_auth" USING btree ("provider");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_name_unique" ON "nexora"."sessions" USING btree ("instance","name") WHERE "nexora"."sessions"."state" <> 'removing';