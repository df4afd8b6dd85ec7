/** Whether a text is an http or https URL whose host, port and escapes can be read. Of a query Go reads none. */
export function isHttpUrl(text: unknown): text is string {
  if (typeof text !== 'string' || !/^https?:\/\/[^\s/]/.test(text) || /\s/.test(text)) return false;
  const [beforeQuery] = text.split('?');
  return !/%(?![0-9a-f]{2})/i.test(beforeQuery) && URL.canParse(text);
}

/** A path without slashes at its end, each looked at once: a pattern that ends in `\/+$` starts anew at every slash. */
export function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** A folder without slashes at both ends. */
export function withoutOuterSlashes(folder: string): string {
  return withoutEndSlashes(folder.replace(/^\/+/, ''));
}
