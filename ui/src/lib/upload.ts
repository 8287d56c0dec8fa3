// Uploads tell how far they are, which fetch cannot.
import { ApiProblem, base, uploadHeaders } from './api';
import type { ProblemBody } from './types';

export function upload<T>(file: File, onProgress: (share: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append('file', file, file.name);
    request.open('POST', `${base}/files`);
    for (const [name, value] of Object.entries(uploadHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = (e) => { if (e.lengthComputable) onProgress(e.loaded / e.total); };
    signal?.addEventListener('abort', () => { request.abort(); fail(new DOMException('stopped', 'AbortError')); });
    request.onerror = () => fail(new ApiProblem(0, { code: 'offline' }));
    request.onload = () => {
      let body: unknown = {};
      try { body = JSON.parse(request.responseText); } catch { /* not ours: the status says enough */ }
      if (request.status === 201) done(body as T);
      else fail(new ApiProblem(request.status, body as ProblemBody));
    };
    request.send(form);
  });
}
