import { hide } from '../../../src/cli/output';
import { answerFailure } from '../../../src/cli/s3/s3-causes';
import { element, shownPart } from '../../../src/cli/s3/request';
import type { Settings } from '../../../src/cli/s3/settings';
import { steps } from '../../fixtures/steps';

test.each<[string, string | undefined]>([
  ['<Code>NoSuchKey</Code>', 'NoSuchKey'],
  ['<Error><Code a="b">x &amp;&lt;&gt;&quot;&apos; y</Code></Error>', `x &<>"' y`],
  ['<Codec>a</Codec><Code></Code>', ''],
  ['<Code><Code>b</Code></Code>', 'b'],
  ['<Code><b>c</b></Code>', undefined],
  ['<Code', undefined],
  ['<Code>', undefined],
  ['<Code>a', undefined],
  ['<Code>a</Codec>', undefined],
  ['', undefined],
])('the text of an element: %s', (xml, text) => {
  expect(element(xml, 'Code')).toBe(text);
});

test.each(['<Code ', '<Code>', '<Code a>', '<', '>', '<Code </Code', 'Code', '<Code>a</Code'])(
  'each part of an answer is looked at a few times at most, here of many "%s"',
  (part) => {
    const xml = part.repeat(1000);
    const looked = steps(() => element(xml, 'Code'));
    expect(looked).toBeGreaterThan(0);
    expect(looked).toBeLessThan(4 * xml.length);
  },
);

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('the code %s is text like any other', (code) => {
  const answer = { status: 400, body: '', code, message: 'no' };
  expect(answerFailure(answer, {} as Settings, true)).toMatchObject({
    step: 'signature',
    cause: `the server answers 400 ${code}: no`,
  });
});

test("a server's text is shown on one line, cut, and without the keys", () => {
  hide('hunter2');
  expect(shownPart(`a\r\nb${'x'.repeat(100_000)}`)).toMatch(/^a {2}bx{290,300}\.\.\.$/);
  expect(shownPart('the key hunter2 is wrong')).toBe('the key *** is wrong');
  expect(shownPart(undefined)).toBeUndefined();
});
