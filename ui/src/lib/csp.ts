// The page allows only styles that carry its nonce. Ant Design's own styles get it through ConfigProvider; two helpers of
// its widget library (scroll lock, scroll bar measure) make style elements without it, so it is given at creation.
export const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '';

export function nonceForStyles() {
  if (!nonce) return;
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const made = create(name, options);
    if (made instanceof HTMLStyleElement) made.nonce = nonce;
    return made;
  }) as typeof document.createElement;
}
