// The database of this device: `answers` {url, at, text} of the server, `unsent` follow-ups. A browser that keeps nothing behaves as if it were empty.
export const ANSWERS = 'answers';
export const UNSENT = 'unsent';
type Store = typeof ANSWERS | typeof UNSENT;

let opening: Promise<IDBDatabase> | null = null;

const done = <T>(request: IDBRequest<T>): Promise<T> => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error ?? new Error('indexedDB'));
});

function openDatabase(): Promise<IDBDatabase> {
  opening ??= new Promise((yes, no) => {
    const request = indexedDB.open('gx', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ANSWERS, { keyPath: 'url' }).createIndex('at', 'at');
      request.result.createObjectStore(UNSENT, { keyPath: 'key' });
    };
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error ?? new Error('indexedDB'));
  });
  opening.catch(() => { opening = null; });
  return opening;
}

export const inStore = async <T>(name: Store, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
  done(work((await openDatabase()).transaction(name, mode).objectStore(name)));
