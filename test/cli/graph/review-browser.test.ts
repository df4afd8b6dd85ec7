import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { guideStack } from '../../../examples/guide/chart';
import { hardenedStack } from '../../../examples/hardened/chart';
import { NOW, synthesize } from '../../examples/example';
import { Browser, type Look } from '../../programs/chromium';
import { describeWith } from '../../programs/program';
import { temporaryFolder } from '../cli';
import { eventful, hostile, HOSTILE, reviewFile, TITLES } from './reviewed';

const folder = temporaryFolder();
const DESK: Look = { width: 1280, height: 900, scheme: 'light' };
const PHONE: Look = { width: 390, height: 844, scheme: 'light' };

/** The stacks that are looked at. */
const STACKS: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  'the guide': () => quietly(() => synthesize((app) => void guideStack(app, NOW))),
  'the hardened stack': () => quietly(() => synthesize((app) => void hardenedStack(app, NOW))),
  'an eventful stack': () => ({ 'm.yaml': eventful() }),
  'hostile names': () => ({ 'm.yaml': hostile() }),
  'two clusters': () => ({ 'east/m.yaml': eventful(), 'west/m.yaml': eventful().replaceAll('v0.42.4', 'v0.41.0') }),
};

/** Text whose contrast with what lies behind it is below what WCAG 2.2 asks for (1.4.3), in the page. */
const TOO_FAINT = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .filter((one) => !['style', 'CAPTION', 'title'].includes(one.tagName))
    .filter((one) => {
      const style = getComputedStyle(one);
      const [a, b] = [light(parts(one.closest('svg') ? style.fill : style.color)), light(behind(one))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05) < 4.5;
    })
    .map((one) => one.tagName + ' ' + one.textContent.slice(0, 40));
})()`;

function quietly<T>(make: () => T): T {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    return make();
  } finally {
    write.mockRestore();
  }
}

describeWith(['chromium'], 'the page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => (browser = await Browser.start()), 60_000);
  afterAll(() => browser.stop());

  describe.each(Object.keys(STACKS))('%s', (name) => {
    let file: string;
    beforeAll(async () => (file = await reviewFile(join(folder, name), STACKS[name]())));

    test('asks for nothing but itself, complains of nothing and has every part', async () => {
      await browser.open(file, DESK);
      expect(browser.events('Network.requestWillBeSent').map(({ request }) => request.url)).toEqual([
        pathToFileURL(file).href,
      ]);
      expect(browser.events('Log.entryAdded')).toEqual([]);
      expect(browser.events('Runtime.consoleAPICalled')).toEqual([]);
      expect(browser.events('Runtime.exceptionThrown')).toEqual([]);
      expect(
        await browser.value("[...document.querySelectorAll('main > section > h2')].map((h) => h.textContent)"),
      ).toEqual(TITLES);
      expect(await browser.value('document.title')).toBe('Review');
    });

    test.each([PHONE, DESK])(
      'does not scroll sideways, only its tables and the picture do: $width px',
      async (look) => {
        await browser.open(file, look);
        expect(await browser.value('document.documentElement.scrollWidth')).toBe(look.width);
        const outside = `[...document.querySelectorAll('body *')].filter((one) => !one.closest('.scroll') && one.tagName !== 'CAPTION')
        .filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.tagName)`;
        expect(await browser.value(outside)).toEqual([]);
      },
    );

    test('is dark on a dark screen, and can be read on either', async () => {
      const paper = 'getComputedStyle(document.body).backgroundColor';
      await browser.open(file, DESK);
      expect([await browser.value(paper), await browser.value(TOO_FAINT)]).toEqual(['rgb(255, 255, 255)', []]);
      const light = await browser.screenshot();
      await browser.open(file, { ...DESK, scheme: 'dark' });
      expect([await browser.value(paper), await browser.value(TOO_FAINT)]).toEqual(['rgb(13, 17, 23)', []]);
      expect((await browser.screenshot()).equals(light)).toBe(false);
    });

    test('can be heard: a language, one heading of the first order, headed tables, a named picture', async () => {
      await browser.open(file, DESK);
      const heard = `({
        lang: document.documentElement.lang,
        first: document.querySelectorAll('h1').length,
        bare: [...document.querySelectorAll('table')].filter((t) => !t.caption || !t.querySelector('thead th[scope=col]') ||
          [...t.tBodies[0].rows].some((row) => row.cells[0].scope !== 'row')).length,
        uneven: [...document.querySelectorAll('table')].filter((t) => [...t.rows].some((row) => row.cells.length !== t.rows[0].cells.length)).length,
        ids: [...document.querySelectorAll('nav a')].filter((a) => !document.getElementById(a.hash.slice(1))).length,
      })`;
      expect(await browser.value(heard)).toEqual({ lang: 'en', first: 1, bare: 0, uneven: 0, ids: 0 });
      const { nodes } = await browser.call('Accessibility.getFullAXTree');
      const pictures = nodes.filter((node: { role?: { value: string } }) => node.role?.value === 'image');
      expect(pictures.map((node: { name: { value: string } }) => node.name.value)).toEqual([
        'Workloads, buckets and the calls between them; the table of calls has them in words',
      ]);
    });
  });

  test('hostile names are shown as they are', async () => {
    await browser.open(join(folder, 'hostile names.html'), DESK);
    const text = await browser.value<string>('document.body.textContent');
    for (const name of HOSTILE) expect(text).toContain(`Deployment m/${name}`);
    expect(await browser.value("document.querySelectorAll('script, img, iframe, main b').length")).toBe(0);
  });
});
