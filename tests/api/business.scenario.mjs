// SPDX-License-Identifier: Apache-2.0
// Verbs of the modules: what a stage decides of its opportunity, trees without circles, users that stay.
import { assert, by, create, expect, expectProblem, fieldError, makeUser, unique } from './lib.mjs';

const patch = async (client, plural, record, body) => expect(await client.patch(`/${plural}/${record.id}`, body), 200);

export const tests = [
  {
    name: 'a new opportunity takes the default pipeline, its first stage, its probability',
    async run(server) {
      const made = await create(by(server), 'opportunities', { name: unique('deal'), amount: '1000' });
      assert.equal(made.pipeline.code, 'standard');
      assert.equal(made.stage.code, 'identify');
      assert.equal(made.outcome, 'open');
      assert.equal(made.probability, '10.00');
      assert.equal(made.weighted_amount.value, '100.00');
      assert.ok(made.stage_entered_at);
      assert.equal(made.closed_on, null);
    },
  },
  {
    name: 'winning dates the end, reopening takes the date away, a given probability stays',
    async run(server) {
      const client = by(server);
      const account = await create(client, 'accounts', { name: unique('a') });
      const deal = await create(client, 'opportunities', { name: unique('deal'), account: account.id, amount: '1000' });
      const won = await patch(client, 'opportunities', deal, { stage: 'won', win_reason: 'price' });
      assert.equal(won.outcome, 'won');
      assert.match(won.closed_on, /^\d{4}-\d\d-\d\d$/);
      assert.equal(won.probability, '100.00');
      const open = await patch(client, 'opportunities', deal, { stage: 'needs', probability: '42' });
      assert.equal(open.outcome, 'open');
      assert.equal(open.closed_on, null);
      assert.equal(open.probability, '42.00');
    },
  },
  {
    name: 'a stage code is sought in the record\'s own pipeline; another pipeline\'s stage is refused',
    async run(server) {
      const client = by(server);
      const deal = await create(client, 'opportunities', { name: unique('deal'), pipeline: 'repeat' });
      assert.equal(deal.stage.code, 'contact');
      const quoted = await patch(client, 'opportunities', deal, { stage: 'quotation' });
      assert.equal(quoted.probability, '60.00'); // that of `repeat`, not of `standard`
      const foreign = expect(await client.get(`/stages?filter=${encodeURIComponent('code = "needs" and pipeline = "tender"')}`), 200).items[0];
      const problem = expectProblem(await client.patch(`/opportunities/${deal.id}`, { stage: foreign.id }), 422, 'validation');
      assert.equal(fieldError(problem, 'stage').code, 'other_pipeline');
    },
  },
  {
    name: 'closing before the start is refused in words',
    async run(server) {
      const problem = expectProblem(await by(server).post('/opportunities', {
        name: unique('deal'), stage: { match: { code: 'won', name: '赢单', probability: '100' } },
      }), 422, 'validation');
      assert.ok(fieldError(problem, 'stage')); // several pipelines have such a stage
      const late = expectProblem(await by(server).post('/opportunities', {
        name: unique('deal'), pipeline: 'standard', stage: 'won', started_on: '2026-05-02', closed_on: '2026-05-01',
      }), 422, 'validation');
      assert.ok(fieldError(late, 'closed_on'));
    },
  },
  {
    name: 'users stay, managers and departments form no circle, who is put nowhere is in the head office',
    async run(server) {
      const client = by(server);
      const one = await makeUser(server, ['seller']), two = await makeUser(server, ['seller'], { manager: one.id });
      assert.ok(one.department.id);
      expectProblem(await client.delete(`/users/${one.id}`), 409, 'conflict');
      const circle = expectProblem(await client.patch(`/users/${one.id}`, { manager: two.id }), 422, 'validation');
      assert.equal(fieldError(circle, 'manager').code, 'cycle');
      const top = await create(client, 'departments', { name: unique('d') });
      const sub = await create(client, 'departments', { name: unique('d'), parent: top.id });
      const turn = expectProblem(await client.patch(`/departments/${top.id}`, { parent: sub.id }), 422, 'validation');
      assert.equal(fieldError(turn, 'parent').code, 'cycle');
    },
  },
  {
    name: 'what a seller creates is his own, in his department, and numbered',
    async run(server) {
      const seller = await makeUser(server, ['seller']);
      const account = await create(seller.client, 'accounts', { name: unique('account') });
      assert.equal(account.owner.id, seller.id);
      assert.equal(account.department.id, seller.department.id);
      assert.match(account.number, /^C\d{4}\d{6}$/);
    },
  },
  {
    name: 'a choice that depends on another belongs to what stands beside it',
    async run(server) {
      const client = by(server), object = unique('place').replace('-', '_');
      expect(await client.post('/meta/objects', {
        object, plural: `${object}s`, label: { 'zh-CN': '地点', en: 'Place' }, title: 'name', fields: [
          { name: 'name', type: 'text', label: { 'zh-CN': '名称', en: 'Name' } },
          { name: 'province', type: 'choice', list: 'province', label: { 'zh-CN': '省', en: 'Province' } },
          { name: 'city', type: 'choice', list: 'city', depends_on: 'province', label: { 'zh-CN': '市', en: 'City' } }],
      }), 201);
      const made = await create(client, `${object}s`, { name: 'x', province: 'zhejiang', city: 'hangzhou' });
      const problem = expectProblem(await client.patch(`/${object}s/${made.id}`, { province: 'jiangsu' }), 422, 'validation');
      assert.equal(fieldError(problem, 'city').code, 'other_parent');
    },
  },
  {
    name: 'rows of coded lists are titled in the reader\'s language',
    async run(server) {
      const client = by(server);
      const deal = await create(client, 'opportunities', { name: unique('deal') });
      const title = async (lang) => expect(await client.get(`/opportunities?fields=stage&filter=id%20%3D%20%22${deal.id}%22`, { 'Accept-Language': lang }), 200).items[0].stage.title;
      assert.equal(await title('zh-CN'), '识别');
      assert.equal(await title('en'), 'Identify');
      const groups = await client.post('/opportunities/aggregate', { group: ['stage'], measures: ['count'], filter: `id = "${deal.id}"` }, { 'Accept-Language': 'en' });
      assert.equal(expect(groups, 200).rows[0].stage.title, 'Identify');
    },
  },
];
