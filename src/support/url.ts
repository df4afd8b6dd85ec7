/** Whether a text is an http or https URL whose host, port and escapes can be read. */
export function isHttpUrl(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    /^https?:\/\/[^\s/]/.test(text) &&
    !/\s|%(?![0-9a-f]{2})/i.test(text) &&
    URL.canParse(text)
  );
}
