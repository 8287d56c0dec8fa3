/** 13805127746 → 138 0512 7746; numbers of other shapes stay as they were written. */
export function groupPhone(value: string): string {
  const mobile = /^(\+?86)?(1\d{2})(\d{4})(\d{4})$/.exec(value.replace(/[\s-]/g, ''));
  return mobile ? [mobile[1], mobile[2], mobile[3], mobile[4]].filter(Boolean).join(' ') : value;
}
