// The client knows no object: no string may be the name or plural of one that the modules declare.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

function declared(folder) {
  const names = new Set();
  if (!existsSync(folder)) return names;
  for (const entry of readdirSync(folder, { recursive: true })) {
    if (!String(entry).endsWith('.object.json')) continue;
    const { object, plural } = JSON.parse(readFileSync(resolve(folder, String(entry)), 'utf8'));
    names.add(object).add(plural);
  }
  for (const word of ['file', 'files', 'tags', 'position']) names.delete(word); // also types of fields, parts of forms, routes of the platform, the place of a line
  return names;
}

const cache = new Map();

export const noObjectNames = {
  meta: { type: 'problem', schema: [{ type: 'object', properties: { modules: { type: 'string' } }, additionalProperties: false }], messages: { name: 'Object name "{{name}}": generic code reads it from the catalogue; special code lives in features/.' } },
  create(context) {
    const folder = resolve(context.cwd, context.options[0]?.modules ?? '../src/modules');
    if (!cache.has(folder)) cache.set(folder, declared(folder));
    const names = cache.get(folder);
    const check = (node, text) => {
      const words = text.split(/[/?]/).filter(Boolean);
      const hit = text.startsWith('/') ? words.find((w) => names.has(w)) : names.has(text) ? text : undefined;
      if (hit) context.report({ node, messageId: 'name', data: { name: hit } });
    };
    return {
      Literal(node) { if (typeof node.value === 'string') check(node, node.value); },
      TemplateElement(node) { check(node, node.value.cooked ?? ''); },
    };
  },
};
