import { argLiteral, goQuoted } from '../../src/support/escape';

/** What the kubelet makes of an argument, with no variable defined (third_party/forked/golang/expansion). */
function kubelet(text: string): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (match) => (match === '$$' ? '$' : match));
}

test.each(['plain', '$(POD_NAME)', '$$(X)', '$$$(X)', '$', 'a$b', '$$', 'x$', '$()', '${X}'])(
  '%s reaches the program as it is',
  (text) => {
    expect(kubelet(argLiteral(text))).toBe(text);
  },
);

test('a defined variable is not filled in', () => {
  expect(argLiteral('$(HOME)')).toBe('$$(HOME)');
});

test('a Go string is quoted', () => {
  expect(goQuoted('a"b\\c\n')).toBe('"a\\"b\\\\c\\n"');
});
