import { createInterface } from 'node:readline';

/** Asks a question of yes or no. Anything but yes is no, the end of the input too. */
export function confirmed(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const lines = createInterface({ input, output });
  return new Promise((done) => {
    lines.once('close', () => done(false));
    lines.question(question, (answer) => {
      done(/^y(es)?$/i.test(answer.trim()));
      lines.close();
    });
  });
}
