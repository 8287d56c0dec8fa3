// SPDX-License-Identifier: Apache-2.0
// A push service of one's own (RFC 8030) and the browser behind it: takes what the server sends, opens it with
// the browser's keys (http_ece, the reference implementation), checks the signature of who sent it.
import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import http from 'node:http';
import ece from 'http_ece';

const b64 = (bytes) => Buffer.from(bytes).toString('base64url');

/** The claims of "vapid t=…, k=…", if its signature is good. */
export function readToken(header) {
  const [, jwt, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? [];
  const [head, body, signature] = jwt.split('.');
  const point = Buffer.from(key, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: b64(point.subarray(1, 33)), y: b64(point.subarray(33)) };
  const good = verify('sha256', Buffer.from(`${head}.${body}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!good) throw new Error('the signature is bad');
  return { key, ...JSON.parse(Buffer.from(body, 'base64url')) };
}

export class PushService {
  static async start() {
    const service = new PushService();
    service.got = [];
    service.answer = () => 201;
    service.server = http.createServer((request, answer) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        const one = { path: request.url, method: request.method, headers: request.headers, body: Buffer.concat(parts) };
        const status = service.answer(one, service.got.length);
        service.got.push({ ...one, status });
        answer.writeHead(status, { Location: '/elsewhere', ...(status === 429 ? { 'Retry-After': '1' } : {}) }).end();
      });
    });
    await new Promise((done) => service.server.listen(0, '127.0.0.1', done));
    service.origin = `http://127.0.0.1:${service.server.address().port}`;
    return service;
  }

  /** A browser: what it gives the server, and how it reads what comes. */
  browser(name) {
    const pair = createECDH('prime256v1');
    const auth = randomBytes(16);
    pair.generateKeys();
    const path = `/push/${name}`;
    return {
      path,
      subscription: { endpoint: `${this.origin}${path}`, keys: { p256dh: b64(pair.getPublicKey()), auth: b64(auth) } },
      got: () => this.got.filter((one) => one.path === path),
      read: (one) => JSON.parse(ece.decrypt(one.body, { version: 'aes128gcm', privateKey: pair, authSecret: auth.toString('base64url') })),
    };
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}
