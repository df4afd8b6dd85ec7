/** Whether a text is an http or https URL whose host, port and escapes can be read. Of a query Go reads none. */
export function isHttpUrl(text: unknown): text is string {
  if (typeof text !== 'string' || !/^https?:\/\/[^\s/]/.test(text) || /\s/.test(text)) return false;
  const [beforeQuery] = text.split('?');
  return !/%(?![0-9a-f]{2})/i.test(beforeQuery) && URL.canParse(text);
}
