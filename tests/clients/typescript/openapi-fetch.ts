// What a program with openapi-typescript and openapi-fetch does; prints what it saw.
import { randomUUID } from "node:crypto";
import { argv } from "node:process";

import createClient from "openapi-fetch";

import type { paths } from "./schema.js";

const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: argv[2], headers: { Authorization: "Dev system" } });
const since = "2025-03-01T09:00:00+08:00";
const [person, customer] = [randomUUID(), randomUUID()];
const path = { id: customer };

/** The answer, which there has to be. */
function told<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const rules = told(await client.GET("/v1/policies/{id}", { params: { path: { id: "company" } } }));
told(await client.POST("/v1/people/{id}/register-person", { params: { path: { id: person } }, body: { name: "林静" } }));
told(await client.POST("/v1/customers/{id}/register-customer", { params: { path }, body: { name: "华东电力集团" } }));

const tier = { tier: "vip", since } as const;
const keyed = { params: { path, header: { "Idempotency-Key": customer } }, body: tier };
const first = told(await client.POST("/v1/customers/{id}/assign-tier", keyed));
const again = told(await client.POST("/v1/customers/{id}/assign-tier", keyed));

const read = await client.GET("/v1/customers/{id}", { params: { path, query: { at_least: first.position } } });
const tag = read.response.headers.get("ETag")!;
const unchanged = await client.GET("/v1/customers/{id}", { params: { path, header: { "If-None-Match": tag } } });
const assigned = await client.POST("/v1/customers/{id}/assign-responsibility", {
  params: { path, header: { "If-Match": tag } },
  body: { assignment_id: randomUUID(), role: "account_manager", person, involvement: "accountable", since },
});
const late = await client.POST("/v1/customers/{id}/assign-tier", {
  params: { path, header: { "If-Match": tag } },
  body: tier,
});
const who = told(
  await client.GET("/v1/responsibility", {
    params: { query: { subject: `customer:${customer}`, role: "account_manager", at_least: told(assigned).position } },
  }),
);

let position = 0;
for (let count = 0; count < 2; count++) {
  const body = { commitment_id: randomUUID(), text: "两周内交付备件", due_at: "2199-01-01T00:00:00+08:00", by: "us" } as const;
  position = told(await client.POST("/v1/customers/{id}/make-commitment", { params: { path }, body })).position;
}
const page = told(await client.GET("/v1/commitments", { params: { query: { customer, limit: 1, at_least: position } } }));
const cursor = new URL(page.next!, argv[2]).searchParams.get("cursor")!;
const after = told(await client.GET("/v1/commitments", { params: { query: { customer, limit: 1, cursor } } }));

const body = ["华东水务", " "].map((name) => ({
  stream: `customer:${randomUUID()}`,
  command: "register-customer" as const,
  body: { name },
}));
const answers = told(await client.POST("/v1/commands", { body }));
const log = told(await client.GET("/v1/events", { params: { query: { after: 0, limit: 1000 } } }));

console.log(
  JSON.stringify({
    rules: rules.stream,
    same: JSON.stringify(first) === JSON.stringify(again),
    version: told(read).version,
    unchanged: unchanged.response.status,
    assigned: assigned.response.status,
    late: [late.error?.status, late.error?.code, late.error?.version],
    held: who.holders[0]?.person === person,
    promises: new Set([...page.items, ...after.items].map((one) => one.commitment_id)).size,
    last: after.next === null,
    bulk: answers.map((one) => one.status),
    wrong: answers[1]?.problem?.errors?.[0]?.code,
    events: log.events.length,
  }),
);
