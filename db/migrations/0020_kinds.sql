DROP INDEX "connections_facets";--> statement-breakpoint
CREATE INDEX "connections_kinds" ON "connections" USING btree ("offer","environment","state","trouble_code","updated_at","id") WHERE state is not null;
