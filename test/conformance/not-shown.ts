/** What the contract's sections 1 to 5 promise and no row can show from outside, and where it is shown. */
export const notShown: readonly (readonly [promise: string, why: string])[] = [
  ['C-1, an engine option wins', 'the command line has no such option; tests of each dialect show it'],
  ['C-3, wall-clock jumps', 'the clock belongs to the whole machine; tests under a virtual clock show it'],
  [
    'C-3, garbage collection',
    'the shortest stall of a row is a stopped process; the simulator has short ones',
  ],
  [
    'C-10, a useless standby rests for 10 s',
    'the standby is not seen in the dark; tests of the session show it',
  ],
  [
    'C-14, release() and destroy()',
    'methods of a program, not of the command line; tests of the dialects show them',
  ],
  ['C-17, the spread window', 'it begins at 500 sessions; tests of the session and the storm show it'],
  ['C-31, many closes behind one address', 'all rows come from one address; tests of the server show it'],
  ['C-31, a stalled server or one without a lease', 'the failover tests show it'],
  [
    'C-41, several resumes at once',
    'needs a client that breaks the rules; tests of the store and the simulator',
  ],
  ['C-42, several certificates, bounded inflation', 'tests of the tokens show it'],
  [
    'section 1, history and message size',
    'no settings, so no wrong value to try; rows play the promised ones',
  ],
];
