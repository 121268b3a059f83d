/** A log file is not, or no longer, what it was when it was listed. */
export class SourceChanged extends Error {
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(`${key} has changed since it was listed, or is gone`, options);
    this.key = key;
  }
}
