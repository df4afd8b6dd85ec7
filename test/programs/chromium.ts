import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Readable, Writable } from 'node:stream';
import { program } from './program';

/** What a method of the DevTools protocol answers, and what an event tells. */
type Fields = Record<string, any>;

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

/**
 * A headless Chromium with one page, spoken to by its DevTools protocol over two pipes
 * (https://chromedevtools.github.io/devtools-protocol/).
 */
export class Browser {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-chromium-'));
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (answer: Fields) => void>();
  readonly #events: { readonly method: string; readonly params: Fields }[] = [];
  #session: string | undefined;
  #calls = 0;

  private constructor() {
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'];
    const args = [...flags, '--remote-debugging-pipe', `--user-data-dir=${this.#folder}`];
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const;
    const env = { ...process.env, HOME: this.#folder };
    // a group of its own, since it is several processes
    this.#child = spawn(program('chromium')!, args, { stdio: [...stdio], env, detached: true });
    let rest = '';
    (this.#child.stdio[4] as Readable).on('data', (chunk: Buffer) => {
      const messages = (rest + chunk.toString()).split('\0');
      rest = messages.pop()!;
      for (const message of messages) this.#take(JSON.parse(message));
    });
  }

  /** Starts it with an empty page. */
  public static async start(): Promise<Browser> {
    const browser = new Browser();
    const { targetId } = await browser.call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.call('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = sessionId;
    for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await browser.call(`${domain}.enable`);
    return browser;
  }

  /** Opens a file as somebody with this screen sees it. */
  public async open(file: string, { width, height, scheme }: Look): Promise<void> {
    this.#events.length = 0;
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.call('Emulation.setEmulatedMedia', { features });
    await this.call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 500 });
    await this.call('Page.navigate', { url: pathToFileURL(file).href });
    await this.until(() => this.events('Page.loadEventFired').length > 0);
  }

  /** The value of an expression in the page. */
  public async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.call('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value as T;
  }

  /** PNG of what is to be seen, or of the whole page. */
  public async screenshot(whole = false): Promise<Buffer> {
    const { data } = await this.call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: whole });
    return Buffer.from(data, 'base64');
  }

  /** The events of a kind since the page was opened. */
  public events(method: string): Fields[] {
    return this.#events.filter((event) => event.method === method).map(({ params }) => params);
  }

  public call(method: string, params: Fields = {}): Promise<Fields> {
    const id = ++this.#calls;
    const message = { id, method, params, ...(this.#session === undefined ? {} : { sessionId: this.#session }) };
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(error.message)),
      );
    });
  }

  public async stop(): Promise<void> {
    const over = new Promise((resolve) => this.#child.once('close', resolve));
    process.kill(-this.#child.pid!, 'SIGKILL');
    await over;
    // those that left the group write until they see that it is gone
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  private async until(holds: () => boolean): Promise<void> {
    const end = Date.now() + 20_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error('the page did not load');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #take(message: Fields): void {
    if (message.id === undefined) this.#events.push({ method: message.method, params: message.params });
    else this.#answers.get(message.id)?.(message);
    this.#answers.delete(message.id);
  }
}
