/** The store cannot say for the moment: what was asked may be asked again (C-54). */
export class StoreUnavailable extends Error {
  constructor(why: string) {
    super(`the store cannot be reached: ${why}`);
    this.name = 'StoreUnavailable';
  }
}

/** A server cannot begin with this Redis; the message says why. */
export class RedisSetupError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'RedisSetupError';
  }
}
