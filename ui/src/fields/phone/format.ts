/** 13805127746 → 138 0512 7746, 057485426469 → 0574 8542 6469: the parts that people read, without a sign between them. */
export function phoneParts(value: string): string[] {
  const mobile = /^(\+?86)?(1\d{2})(\d{4})(\d{4})$/.exec(value);
  const landline = /^(010|02\d|0[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(value);
  return (mobile ?? landline)?.slice(1).filter(Boolean) ?? [value];
}
