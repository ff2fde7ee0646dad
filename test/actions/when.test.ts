import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/actions/addresses.ts';
import { toCanonical } from '../../src/actions/arguments.ts';
import { describeWhen, resolveRange, resolveWhen } from '../../src/actions/when.ts';
import { formatInstant, localToInstant } from '../../src/actions/zone.ts';

const resolve = (text: string, zone: string) => resolveWhen('test', 'start', text, zone);

describe('resolveWhen', () => {
  it.each([
    ['2026-11-03T15:00', 'Europe/Berlin', '2026-11-03T15:00:00+01:00'],
    ['2026-07-03T15:00', 'Europe/Berlin', '2026-07-03T15:00:00+02:00'],
    ['2026-07-03 15:00:30', 'Asia/Kolkata', '2026-07-03T15:00:30+05:30'],
    ['2026-11-03T15:00Z', 'America/New_York', '2026-11-03T10:00:00-05:00'],
    ['2026-11-03T15:00:00.500+09:00', 'UTC', '2026-11-03T06:00:00+00:00'],
    ['2026-11-03', 'Europe/Berlin', '2026-11-03'],
    // The hour the clock skips is read with the offset before; the one it shows twice is the first.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T03:30:00+02:00'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T02:30:00+02:00'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T01:30:00-04:00'],
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T03:30:00-04:00'],
    ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-05T01:45:00+11:00'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(resolve(text, zone)).toBe(expected);
  });

  it.each([
    'tomorrow',
    '2026-02-29',
    '2026-13-01',
    '2026-11-03T24:00',
    '2026-11-03T15:60',
    '',
    '2026-11-03T15:00+99:00',
  ])('refuses %j', (text) => {
    expect(() => resolve(text, 'Europe/Berlin')).toThrow(/start/);
  });

  it('comes back to the wall clock it was given, except in hours that are skipped', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];
    const instants = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2035-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
        const local = formatInstant(instant, zone).slice(0, 19);
        const again = formatInstant(localToInstant(new Date(`${local}Z`), zone), zone);
        expect(again.slice(0, 19)).toBe(local);
      }),
      { numRuns: 200 },
    );
  });
});

describe('resolveRange', () => {
  it('counts a whole day to its end, also when it has 23 hours', () => {
    expect(resolveRange('test', '2026-03-29', '2026-03-29', 'Europe/Berlin')).toEqual({
      from: '2026-03-29T00:00:00+01:00',
      to: '2026-03-30T00:00:00+02:00',
    });
  });

  it('refuses a range that ends before it begins', () => {
    expect(() => resolveRange('test', '2026-11-03', '2026-11-02', 'UTC')).toThrow(/to must be after from/);
  });
});

describe('describeWhen', () => {
  it('shows everything there is', () => {
    expect(describeWhen('2026-11-03')).toBe('Tue 3 Nov 2026, all day');
    expect(describeWhen('2026-11-03T15:00:00+01:00')).toBe('Tue 3 Nov 2026, 15:00 (UTC+01:00)');
    expect(describeWhen('2026-11-03T15:00:07-05:00')).toBe('Tue 3 Nov 2026, 15:00:07 (UTC-05:00)');
  });
});

describe('parseAddress', () => {
  it.each([
    ['ada@ACME.test', 'ada@acme.test'],
    ['Ada Lovelace <ada@acme.test>', 'ada@acme.test'],
    ['o.brien+x@bücher.example', 'o.brien+x@xn--bcher-kva.example'],
    ['аda@acme.test', null],
    ['ada@acme', null],
    ['ada@@acme.test', null],
    ['ada@acme.test, ben@acme.test', null],
    ['ada@acme.test\r\nBcc: eve@evil.example', null],
    ['"a b"@acme.test', null],
    ['.ada@acme.test', null],
    ['ada@-acme.test', null],
    [`${'a'.repeat(65)}@acme.test`, null],
  ])('%j is %j', (text, expected) => {
    expect(parseAddress(text)).toBe(expected);
  });
});

describe('toCanonical', () => {
  it('leaves out what is undefined and repairs what PostgreSQL and RFC 8785 refuse', () => {
    expect(
      toCanonical({ a: undefined, b: [{ c: undefined, d: 'x\r\ny\rz\u0000\ud800' }], e: null }),
    ).toStrictEqual({
      b: [{ d: 'x\ny\nz\ufffd\ufffd' }],
      e: null,
    });
    expect(() => toCanonical({ a: Number.NaN })).toThrow(/finite/);
  });
});
