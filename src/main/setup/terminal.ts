import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** What is asked of the person at the terminal. */
export interface Terminal {
  say(text: string): void;
  /** @param hidden nothing typed is shown. @returns the answer without blanks around it */
  ask(question: string, hidden: boolean): Promise<string>;
  close(): void;
}

export function openTerminal(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Terminal {
  let muted = false;
  // Readline echoes into this; a secret is not let through.
  const echo = new Writable({
    write(chunk: Buffer, _, done) {
      if (!muted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: true });
  return {
    say: (text) => {
      output.write(`${text}\n`);
    },
    async ask(question, hidden) {
      output.write(question);
      muted = hidden;
      try {
        return (await lines.question('')).trim();
      } finally {
        muted = false;
        if (hidden) output.write('\n');
      }
    },
    close: () => {
      lines.close();
    },
  };
}
