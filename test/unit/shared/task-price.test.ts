import { expect, test } from 'vitest';
import { costOf, readTaskPrice } from '../../../services/shared/task-price.ts';

const price = { spotHour: 0.01975, onDemandHour: 0.0395 };

test('reads both prices, and knows none where nobody told', () => {
  expect(readTaskPrice({ FIBBARS_TASK_USD_HOUR: '0.01975,0.0395' })).toEqual(price);
  expect(readTaskPrice({})).toBeUndefined();
});

test.each(['0.1', '0.1,', '0.1,0.2,0.3', 'cheap,0.2', '0,0.2', '0.1,-1', '1,Infinity'])(
  '%s is refused with what it takes',
  (text) => {
    expect(() => readTaskPrice({ FIBBARS_TASK_USD_HOUR: text })).toThrow(
      `FIBBARS_TASK_USD_HOUR is ${JSON.stringify(text)}: it takes`,
    );
  },
);

test('half an hour costs half the hour’s price', () => {
  expect(costOf(price, 1_800_000)).toEqual({ spotCost: 0.009875, onDemandCost: 0.01975 });
});

test('a second costs a minute, which is the least that is billed', () => {
  expect(costOf(price, 1_000)).toEqual(costOf(price, 60_000));
  expect(costOf(price, 61_000)).not.toEqual(costOf(price, 60_000));
});

test('without a price there is no cost', () => {
  expect(costOf(undefined, 1_800_000)).toEqual({});
});
