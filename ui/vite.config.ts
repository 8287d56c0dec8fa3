// Build of the web client: hashed names, one chunk per route, a CSP nonce placeholder that the server fills per response.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const entry = fileURLToPath(new URL('./src/app/main.tsx', import.meta.url));
const home = fileURLToPath(new URL('./src/features/home/home-page.tsx', import.meta.url));
const html = fileURLToPath(new URL('./index.html', import.meta.url));
const server = process.env.GUANXI_URL ?? 'http://127.0.0.1:8080';

interface Graph { getModuleInfo: (id: string) => { importedIds: readonly string[] } | null }

function reachedFrom(starts: string[], graph: Graph): Set<string> {
  const reached = new Set<string>();
  const todo = [...starts];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    todo.push(...(graph.getModuleInfo(at)?.importedIds ?? []));
  }
  return reached;
}

/** What the entry reaches without a dynamic import goes into one file: the first list then costs few requests. So does
 * what home reaches beyond that, also where other pages share it: it is the page that a day begins with. */
function firstModules() {
  let reached: { entry: Set<string>; home: Set<string> } | null = null;
  return (id: string, graph: Graph): string | null => {
    reached ??= { entry: reachedFrom([entry, html], graph), home: reachedFrom([home], graph) };
    // An icon goes with the page that shows it, though the list of all icons is reached from the start.
    if (id.includes('/lucide-react/') && id.includes('/icons/')) return reached.entry.has(id) || !reached.home.has(id) ? null : 'home';
    if (reached.entry.has(id)) return id.includes('node_modules') ? 'vendor' : 'app';
    return reached.home.has(id) ? 'home' : null;
  };
}

/** The files that a page may ask for, listed for the service worker that keeps them (public/sw.js). */
function listProgram(): Plugin {
  return {
    name: 'list-program',
    writeBundle({ dir = 'dist' }) { // what was written: empty chunks are listed until then
      const files = readdirSync(join(dir, 'assets')).sort().map((name) => `/assets/${name}`);
      writeFileSync(join(dir, 'program.json'), JSON.stringify({ files: ['/icon.svg', ...files] }));
    },
  };
}

export default defineConfig({
  plugins: [react(), listProgram()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstModules() }] } } },
  },
  server: { proxy: { '/api': server } },
});
