/**
 * A literal for a container's `args`: the kubelet turns `$(NAME)` into the variable and `$$` into `$`
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/), and breaks what is not
 * ASCII after a single `$`, since it copies the first byte as if it were a character.
 */
export function argLiteral(text: string): string {
  return text.replace(/\$+(?=[(\u0080-\uffff])|\${2,}/g, (run) => run + run);
}

/** A Go-quoted string, as `--label=name="value"` wants its value (strconv.Unquote). JSON's escapes are a part of Go's. */
export function goQuoted(text: string): string {
  return JSON.stringify(text);
}
