import { cronSchedule } from '../../src/support/cron';

test.each([
  '0 3 * * *',
  '*/15 0-23/2 1,15 * mon-fri',
  '59 23 31 12 6',
  '0 0 1 JAN,feb sun',
  '5/10 * ? * ?',
  '0-0 0 * * *',
  '@daily',
])('%s is when a CronJob runs', (schedule) => {
  expect(cronSchedule(schedule)).toBe(schedule);
});

test.each<[unknown, string]>([
  ['99 * * * *', 'is "99 * * * *": 99 is no minute; they are 0 to 59'],
  ['60 * * * *', '60 is no minute; they are 0 to 59'],
  ['0 24 * * *', '24 is no hour; they are 0 to 23'],
  ['0 0 0 * *', '0 is no day of the month; they are 1 to 31'],
  ['0 0 32 * *', '32 is no day of the month'],
  ['0 0 * 13 *', '13 is no month; they are 1 to 12'],
  ['0 0 * foo *', 'foo is no month; they are 1 to 12'],
  ['0 0 * * 7', '7 is no day of the week; they are 0 to 6'],
  ['0 0 mon * *', 'mon is no day of the month'],
  ['0 0 * * 1-9', '9 is no day of the week'],
  ['0 0 * * fri-mon', 'fri-mon ends before it begins; write two ranges, such as fri-6,0-mon'],
  ['*/0 * * * *', 'a step of 0 never gets anywhere; write */2 for every second minute'],
  ['0 3 * *', 'is "0 3 * *"; write cron\'s five fields'],
  ['0 3 * * * *', "write cron's five fields"],
  ['0 3 * * 1-2-3', "write cron's five fields"],
  ['0  3 * * *', "write cron's five fields"],
  ['@every 1h', "write cron's five fields"],
  [5, "is 5; write cron's five fields"],
])('%s is refused', (schedule, message) => {
  expect(() => cronSchedule(schedule)).toThrow(message);
});
