// Plain text as the HTML of a rich text.
const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Plain text as paragraphs: an empty line parts them, a new line stays one. */
export const htmlOf = (text: string): string =>
  text.trim().split(/\n\s*\n/).map((p) => `<p>${escape(p).replace(/\n/g, '<br>')}</p>`).join('');
