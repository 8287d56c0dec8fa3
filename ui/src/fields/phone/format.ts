/** 13805127746 → 138 0512 7746, 057485426469 → 0574-8542 6469; numbers of other shapes stay as they were written. */
export function groupPhone(value: string): string {
  const mobile = /^(\+?86)?(1\d{2})(\d{4})(\d{4})$/.exec(value.replace(/[\s-]/g, ''));
  const landline = /^(010|02\d|0[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(value);
  if (landline) return `${landline[1]}-${landline[2]} ${landline[3]}`;
  return mobile ? [mobile[1], mobile[2], mobile[3], mobile[4]].filter(Boolean).join(' ') : value;
}
