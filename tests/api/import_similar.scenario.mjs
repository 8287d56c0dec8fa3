// SPDX-License-Identifier: Apache-2.0
// Rows of an import that look like a record that is there: counted in a dry run, put into the queue, masked where the
// record may not be seen, refused where the option is none.
import { assert, by, create, expect, expectProblem, fieldError, upload, waitForJob, withRights } from './lib.mjs';

async function run(server, file, options, key = server.key) {
  const job = await waitForJob(by(server, key), await upload(server, key, '/accounts/import', file, 'like.csv', options));
  assert.equal(job.status, 'done', JSON.stringify(job));
  return job;
}

export const tests = [
  {
    name: 'rows that look like a record wait in the queue, as the dry run said',
    async run(server) {
      const admin = by(server);
      const one = await create(admin, 'accounts', { name: '浙江省杭州市芷萝苒槿科技有限公司' });
      const file = 'name\n芷萝苒槿科技股份有限公司\n栩珩琬瑜贸易公司\n';
      const dry = (await run(server, file, { similar: 'review', dry_run: true })).result;
      assert.deepEqual([dry.created, dry.similar, dry.failed], [2, 1, 0]);
      assert.deepEqual(dry.errors.filter((e) => e.code === 'similar').map((e) => [e.row, e.level, e.message.includes(one.name)]), [[1, 'warning', true]]);
      const job = await run(server, file, { similar: 'review' });
      assert.deepEqual([job.result.created, job.result.similar], [2, 1]);
      const pairs = expect(await admin.get('/accounts/duplicates'), 200).items.filter((p) => [p.a.id, p.b.id].includes(one.id));
      assert.equal(pairs.length, 1);
      assert.ok([pairs[0].a.title, pairs[0].b.title].includes('芷萝苒槿科技股份有限公司'));
      const wrong = expectProblem(await upload(server, server.key, '/accounts/import', file, 'like.csv', { similar: 'merge' }), 422, 'validation');
      assert.ok(fieldError(wrong, 'similar'));
    },
  },
  {
    name: 'a dry run says which rows of the file are like one another, and counts what the import does',
    async run(server) {
      const file = 'name,phone\n湛榕荻鲲科技有限公司,\n砚箬崧玥物流公司,\n湛榕荻鲲科技股份有限公司,13800138111\n榕湛科技公司,13800138111\n';
      for (const similar of ['report', 'skip', 'review', 'update']) {
        const options = { similar, mapping: { name: 'name', phone: 'phone' } };
        const counts = ({ created, updated, skipped, failed, similar: alike }) => ({ created, updated, skipped, failed, alike });
        const dry = (await run(server, file, { ...options, dry_run: true })).result;
        const told = dry.errors.filter((e) => e.code === 'similar');
        assert.ok(told[0].row === 3 && /row 1\b|第 1 行/.test(told[0].message), JSON.stringify(told));
        const job = await run(server, file, options);
        assert.deepEqual(counts(dry), counts(job.result), similar);
        assert.ok(dry.similar > 0);
        assert.equal((await waitForJob(by(server), await by(server).post(`/batches/${job.batch}/undo`, {}))).status, 'done');
      }
    },
  },
  {
    name: 'of a record that the person may not see nothing is told but that there is one, and it is not updated',
    async run(server) {
      const admin = by(server);
      const narrow = await withRights(server, [], { account: { read: 'own', create: true, update: 'own', delete: 'none', export: 'none', import: true, share: 'none', transfer: 'none', bulk: 'none' } });
      const hidden = await create(admin, 'accounts', { name: '浙江省宁波市筱蔓澈沅科技有限公司' });
      const answer = await upload(server, narrow.key, '/accounts/import', 'name,description\n筱蔓澈沅科技公司,taken\n', 'like.csv', { mapping: { name: 'name', description: 'description' }, similar: 'update' });
      const job = await waitForJob(by(server, narrow.key), answer);
      assert.deepEqual([job.result.failed, job.result.updated, job.result.similar], [1, 0, 1], JSON.stringify(job));
      const text = JSON.stringify(job.result);
      assert.ok(!text.includes('宁波') && !text.includes(hidden.id), text);
      assert.equal(expect(await admin.get(`/accounts/${hidden.id}`), 200).description ?? null, null);
    },
  },
];
