import { expect, test } from 'vitest';
import { gapWords, messageWords, missedWords, plainData } from './messages.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('data is shown as text where it is UTF-8, to the last character, else as base64', () => {
  expect(plainData(bytes('\ufeffgrüße \u0000'))).toEqual({ text: '\ufeffgrüße \u0000' });
  expect(plainData(new Uint8Array())).toEqual({ text: '' });
  expect(plainData(new Uint8Array([0xff, 0]))).toEqual({ base64: '/wA=' });
  expect(plainData(7)).toBe(7);
});

test('what somebody says cannot steer the terminal', () => {
  expect(messageWords('bob', bytes('hi\u001b[2J')).words).toBe('bob says: hi\ufffd[2J');
  expect(messageWords(8, new Uint8Array([0xff, 0])).words).toBe('8 sends 2 bytes');
});

test('C-62 missing messages are counted where they can be', () => {
  expect(missedWords(8, 1).words).toBe('1 message of 8 will not come');
  expect(gapWords({ uid: 8, missed: 2, from: 3, to: 4, reason: 'history' }).words).toBe(
    "2 messages of 8 will not come: number 3 to 4, older than the channel's history",
  );
  expect(gapWords({ uid: 'bob', missed: -1, from: 3, to: -1, reason: 'log-lost' }).words).toBe(
    'messages of bob will not come: from number 3 on, lost by the servers',
  );
});
