// What a program with the client of hey-api does; prints what it saw.
import { randomUUID } from "node:crypto";
import { argv } from "node:process";

import { createClient } from "./hey/client/index.js";
import {
  bulk,
  commitmentList,
  customerAssignResponsibility,
  customerAssignTier,
  customerMakeCommitment,
  customerOne,
  customerRegisterCustomer,
  eventList,
  personRegisterPerson,
  policyOne,
  whoWasResponsible,
} from "./hey/index.js";

const client = createClient({ baseUrl: argv[2], headers: { Authorization: "Dev system" } });
const since = "2025-03-01T09:00:00+08:00";
const [person, customer] = [randomUUID(), randomUUID()];
const path = { id: customer };

/** The answer, which there has to be. */
function told<T>(answer: { data?: T; error?: unknown }): NonNullable<T> {
  if (answer.data === undefined || answer.data === null) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const rules = told(await policyOne({ client, path: { id: "company" } }));
told(await personRegisterPerson({ client, path: { id: person }, body: { name: "林静" } }));
told(await customerRegisterCustomer({ client, path, body: { name: "华东电力集团" } }));

const tier = { tier: "vip", since } as const;
const keyed = { client, path, headers: { "Idempotency-Key": customer }, body: tier };
const first = told(await customerAssignTier(keyed));
const again = told(await customerAssignTier(keyed));

const read = await customerOne({ client, path, query: { at_least: first.position } });
const tag = read.response!.headers.get("ETag")!;
const unchanged = await customerOne({ client, path, headers: { "If-None-Match": tag } });
const assigned = await customerAssignResponsibility({
  client,
  path,
  headers: { "If-Match": tag },
  body: { assignment_id: randomUUID(), role: "account_manager", person, involvement: "accountable", since },
});
const late = await customerAssignTier({ client, path, headers: { "If-Match": tag }, body: tier });
const who = told(
  await whoWasResponsible({
    client,
    query: { subject: `customer:${customer}`, role: "account_manager", at_least: told(assigned).position },
  }),
);

let position = 0;
for (let count = 0; count < 2; count++) {
  const body = { commitment_id: randomUUID(), text: "两周内交付备件", due_at: "2199-01-01T00:00:00+08:00", by: "us" } as const;
  position = told(await customerMakeCommitment({ client, path, body })).position;
}
const page = told(await commitmentList({ client, query: { customer, limit: 1, at_least: position } }));
const cursor = new URL(page.next!, argv[2]).searchParams.get("cursor")!;
const after = told(await commitmentList({ client, query: { customer, limit: 1, cursor } }));

const body = ["华东水务", " "].map((name) => ({
  stream: `customer:${randomUUID()}`,
  command: "register-customer" as const,
  body: { name },
}));
const answers = told(await bulk({ client, body }));
const log = told(await eventList({ client, query: { after: 0, limit: 1000 } }));

console.log(
  JSON.stringify({
    rules: rules.stream,
    same: JSON.stringify(first) === JSON.stringify(again),
    version: told(read).version,
    unchanged: unchanged.response!.status,
    assigned: assigned.response!.status,
    late: [late.error?.status, late.error?.code, late.error?.version],
    held: who.holders[0]?.person === person,
    promises: new Set([...page.items, ...after.items].map((one) => one.commitment_id)).size,
    last: after.next === null,
    bulk: answers.map((one) => one.status),
    wrong: answers[1]?.problem?.errors?.[0]?.code,
    events: log.events.length,
  }),
);
