// Identifiers out of labels: [a-z][a-z0-9_]{0,39}, singular for objects, plural for paths.

export const isIdentifier = (text: string): boolean => /^[a-z][a-z0-9_]{0,39}$/.test(text);

export function identifierOf(label: string): string {
  const plain = label.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 40);
}

/** visit → visits, category → categories. */
export function pluralIdentifier(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** The prefix of a number: the initials of its words. */
export const initialsOf = (name: string): string => name.split('_').map((w) => w.charAt(0).toUpperCase()).join('').slice(0, 3) || 'N';
