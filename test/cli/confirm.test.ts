import { PassThrough } from 'node:stream';
import { confirmed } from '../../src/cli/confirm';

async function answered(text: string): Promise<{ yes: boolean; shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(text);
  const yes = await confirmed('Is it? [y/N] ', input, output);
  return { yes, shown: String(output.read()) };
}

test.each([
  ['y\n', true],
  ['YES\n', true],
  ['\n', false],
  ['n\n', false],
  ['yesterday\n', false],
  ['', false],
])('%j is %p', async (text, yes) => {
  expect(await answered(text)).toEqual({ yes, shown: expect.stringContaining('Is it? [y/N] ') });
});
