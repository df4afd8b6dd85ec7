/** Texts that YAML, the kubelet, Go's flags or Thanos' own variables read as something else, when not quoted right. */
export const HOSTILE: readonly string[] = [
  ...['0123', '1e3', '0x1f', '1_000', '.inf', '2001-01-01', '12:30:45', 'yes', 'NO', 'null', '~', '=', '<<'],
  ...['a: b', ' #x', 'x #y', '*a', '&b', '!c', '%', '@', '`', '- a', '? a', '[a', '{a', '|', '>', ',', ':'],
  ...['$(X)', '$$(X)', '$$$(X)', '$(HOME)', '$(POD_NAME)', '$(X', '$', '$$', '$ü', '$\u{1f600}', '${X}', '{{.X}}'],
  ...["'", '"', `"'`, '\\', '\\\\', '\\x24(', '\\n', '\\$(X)', 'a=b', '="'],
  ...['a\tb', ' end ', 'end\n', 'a\r\nb', '\u0001', '\u001b', '\u007f', '\u0085', '\u2028', '\u2029', '\u00a0'],
  ...['a\ufeffb', '\ufeff', '\ufffe', '\uffff', 'ü', 'e\u0301', '漢', '\u{1f600}', '\u{10ffff}'],
];

/** The same as a map with harmless keys. */
export const HOSTILE_MAP: Readonly<Record<string, string>> = Object.fromEntries(
  HOSTILE.map((text, i) => [`h${i}`, text]),
);
