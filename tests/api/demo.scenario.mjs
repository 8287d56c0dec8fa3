// SPDX-License-Identifier: Apache-2.0
// The demo company: the same seed gives the same company, its parts belong together, the whole is taken back.
import assert from 'node:assert/strict';
import { Server } from '../lib/server.mjs';
import { by, waitForJob } from './lib.mjs';

const q = encodeURIComponent;

const COUNTED = ['accounts', 'contacts', 'opportunities', 'products', 'users'];

async function get(server, path) {
  const answer = await server.request('GET', `/api/v1${path}`);
  assert.equal(answer.status, 200, `${path}: ${answer.text}`);
  return answer.body;
}

// What stands in the company, without ids.
async function digest(server) {
  const list = async (path) => (await get(server, path)).items;
  const lines = [];
  for (const row of await list('/accounts?limit=200&sort=number&fields=number,name,phone,level,lifecycle,owner,region')) {
    lines.push([row.number, row.name, row.phone, row.level, row.lifecycle, row.owner?.title, row.region?.code].join('|'));
  }
  for (const row of await list('/opportunities?limit=200&sort=number&fields=number,name,amount,stage,started_on,closed_on')) {
    lines.push([row.number, row.name, row.amount?.value, row.stage?.code, row.started_on, row.closed_on].join('|'));
  }
  return lines;
}

const filled = (accounts, seed) => Server.create({ prepare: (s) => s.command('demo', '--accounts', String(accounts), '--seed', String(seed)) });

export const tests = [
  {
    name: 'the same seed gives the same company, another seed another',
    async run() {
      const [one, two, three] = await Promise.all([filled(120, 3), filled(120, 3), filled(120, 4)]);
      try {
        const [a, b, c] = [await digest(one), await digest(two), await digest(three)];
        assert.ok(a.length > 150);
        assert.deepEqual(a, b);
        assert.notDeepEqual(a, c);
      } finally {
        await Promise.all([one.remove(), two.remove(), three.remove()]);
      }
    },
  },
  {
    name: 'closed deals have a date, open ones none; every customer has a first contact',
    async run() {
      const server = await filled(150, 5);
      try {
        const count = async (object, filter) => (await get(server, `/${object}?count=exact&limit=1&filter=${q(filter)}`)).count.value;
        assert.equal(await count('accounts', 'name is not null'), 150);
        assert.equal(await count('opportunities', 'outcome = "open" and closed_on is not null'), 0);
        assert.equal(await count('opportunities', 'outcome in ("won","lost") and closed_on is null'), 0);
        assert.equal(await count('accounts', 'primary_contact is null'), 0);
        assert.equal(await count('accounts', 'none(contacts, is_primary = true)'), 0);
        assert.ok(await count('order_lines', 'discount_rate > 0') > 10);
        for (const l of (await get(server, '/order_lines?limit=200&fields=quantity,price,discount_rate,amount')).items) {
          const rule = Number(l.quantity) * Number(l.price.value) * (100 - Number(l.discount_rate ?? 0)) / 100;
          assert.ok(Math.abs(Number(l.amount.value) - rule) < 0.00501, JSON.stringify(l));
        }
        assert.equal(await count('orders', 'total != sum(order_lines, amount) - coalesce(discount, 0) + coalesce(shipping_fee, 0)'), 0, 'totals by the rule');
        assert.ok(await count('accounts', 'kind = "person"') > 30);
        // Figures of filled rows are computed by a job behind the fill.
        const wanted = await count('opportunities', 'outcome = "open" and account is not null');
        const sum = async () => {
          const answer = await server.request('POST', '/api/v1/accounts/aggregate', { measures: [{ sum: 'open_opportunity_count' }] });
          assert.equal(answer.status, 200, answer.text);
          return answer.body.total.sum_open_opportunity_count;
        };
        for (let i = 0; i < 100 && await sum() !== wanted; i++) await new Promise((done) => { setTimeout(done, 100); });
        assert.equal(await sum(), wanted);
        assert.deepEqual(JSON.parse(server.command('doctor', '--json')).problems.filter((p) => p.check === 'rollup'), []);
      } finally {
        await server.remove();
      }
    },
  },
  {
    name: 'the whole is taken back as one batch',
    async run() {
      const server = await Server.create();
      try {
        const before = Object.fromEntries(await Promise.all(COUNTED.map(async (o) => [o, (await get(server, `/${o}?count=exact&limit=1`)).count.value])));
        const job = await server.request('POST', '/api/v1/demo', { accounts: 40, seed: 1 });
        assert.equal(job.status, 202, job.text);
        const done = await waitForJob(by(server), job);
        assert.equal(done.result.accounts, 40);
        const undo = await server.request('POST', `/api/v1/batches/${done.batch}/undo`);
        assert.equal(undo.status, 202, undo.text);
        await waitForJob(by(server), undo);
        for (const object of COUNTED) assert.equal((await get(server, `/${object}?count=exact&limit=1`)).count.value, before[object], object);
      } finally {
        await server.remove();
      }
    },
  },
];
