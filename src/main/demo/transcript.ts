/** A readable account of a story; ends with whether all of it went as told. */
export interface Transcript {
  /** One step; what it throws is shown and makes the story fail. */
  step(title: string, work: () => Promise<void>): Promise<void>;
  says(who: string, text: string): void;
  /** @throws Error with `what` when it does not hold */
  check(what: string, holds: boolean): void;
  failed(): number;
  passed(): number;
}

export function createTranscript(write: (line: string) => void): Transcript {
  let failures = 0;
  let passes = 0;
  return {
    async step(title, work) {
      write(`\n== ${title}`);
      try {
        await work();
        passes += 1;
      } catch (error) {
        failures += 1;
        write(`   FAILED: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    says(who, text) {
      const [first = '', ...rest] = text.trim().split('\n');
      write(`   ${who}: ${first}`);
      for (const line of rest.slice(0, 30)) write(`   ${' '.repeat(who.length)}  ${line}`);
    },
    check(what, holds) {
      if (!holds) throw new Error(what);
      write(`   ok  ${what}`);
    },
    failed: () => failures,
    passed: () => passes,
  };
}
