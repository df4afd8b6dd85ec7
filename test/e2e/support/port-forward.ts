import { spawn } from 'node:child_process';

const LIMIT = 10_000;

/** Calls something with a port of this machine that leads to a pod's: it works from anywhere. */
export async function forwarded<T>(
  namespace: string,
  pod: string,
  port: number,
  use: (localPort: number) => Promise<T>,
): Promise<T> {
  const forward = spawn('kubectl', ['-n', namespace, 'port-forward', `pod/${pod}`, `:${port}`], { env: process.env });
  try {
    const localPort = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no port was forwarded')), LIMIT);
      forward.on('error', reject);
      forward.on('exit', (code) => reject(new Error(`the port-forward ended with ${code}`)));
      forward.stdout.on('data', (text: Buffer) => {
        const found = /127\.0\.0\.1:(\d+)/.exec(text.toString())?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(Number(found));
      });
    });
    return await use(localPort);
  } finally {
    forward.kill();
  }
}
