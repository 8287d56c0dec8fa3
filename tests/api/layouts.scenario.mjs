// SPDX-License-Identifier: Apache-2.0
// Layouts and views of the catalogue one at a time; taking the organisation's own away brings the program's back.
import { assert, by, expect, expectProblem, makeUser, unique } from './lib.mjs';

const word = (s) => unique(s).replace('-', '_');
const label = (zh, en) => ({ 'zh-CN': zh, en });
const path = '/meta/objects/account';

export const tests = [
  {
    name: 'a view is made, changed and taken away',
    async run(server) {
      const admin = by(server);
      const view = word('mine');
      const views = async () => expect(await admin.get(`${path}/views`), 200).items;
      const made = await admin.post(`${path}/views`, { view, label: label('我', 'Me'), kind: 'table', filter: 'owner = me()', columns: [{ field: 'name' }], shared_with: ['all'] });
      expect(made, 201);
      assert.equal(made.headers.location, `/api/v1${path}/views/${view}`);
      expectProblem(await admin.post(`${path}/views`, { view, label: label('我', 'Me'), kind: 'table' }), 422, 'validation');
      expect(await admin.patch(`${path}/views/${view}`, { columns: [{ field: 'name' }, { field: 'phone' }] }), 204);
      const now = (await views()).find((v) => v.view === view);
      assert.deepEqual([now.columns.length, now.filter], [2, 'owner = me()']);
      expectProblem(await admin.patch(`${path}/views/${view}`, { columns: [{ field: 'no_such' }] }), 422, 'validation');
      expectProblem(await admin.patch(`${path}/views/no_such`, {}), 404, 'not_found');
      expect(await admin.delete(`${path}/views/${view}`), 204);
      assert.ok(!(await views()).some((v) => v.view === view));
      expectProblem(await admin.delete(`${path}/views/${view}`), 404, 'not_found');
      const seller = await makeUser(server, ['seller']);
      expectProblem(await seller.client.post(`${path}/views`, { view, kind: 'table' }), 403, 'forbidden');
      expectProblem(await seller.client.patch(`${path}/layouts/account.form`, {}), 403, 'forbidden');
    },
  },
  {
    name: 'a shipped layout is changed and comes back as it was shipped',
    async run(server) {
      const admin = by(server);
      const layouts = async () => expect(await admin.get(`${path}/layouts`), 200).items;
      const before = await layouts();
      const form = before.find((l) => l.kind === 'form');
      const sections = [{ ...form.sections[0], columns: 1 }, ...form.sections.slice(1)];
      expect(await admin.patch(`${path}/layouts/${form.layout}`, { sections }), 204);
      assert.equal((await layouts()).find((l) => l.layout === form.layout).sections[0].columns, 1);
      expect(await admin.delete(`${path}/layouts/${form.layout}`), 204);
      assert.deepEqual(await layouts(), before);
      expectProblem(await admin.delete(`${path}/layouts/${form.layout}`), 409, 'conflict');
      const mine = { layout: `account.${word('panel')}`, kind: 'panel', fields: ['name', 'phone'] };
      expect(await admin.post(`${path}/layouts`, mine), 201);
      assert.ok((await layouts()).some((l) => l.layout === mine.layout));
      expect(await admin.delete(`${path}/layouts/${mine.layout}`), 204);
      assert.deepEqual(await layouts(), before);
      const sorted = (sort) => admin.patch('/meta/objects/visit_route/layouts/visit_route.form', { related: [{ relation: 'route_visits', fields: ['account'], sort: [sort] }] });
      expect(await sorted('-planned_at'), 204);
      expectProblem(await sorted('-no_such'), 422, 'validation');
      expect(await admin.delete('/meta/objects/visit_route/layouts/visit_route.form'), 204);
    },
  },
];
