import type { Figure } from '../figure.ts';

/** What the two programs hold after all that was asked of them before: hundreds of turns. Without PostgreSQL. */
export const memory: Figure = {
  name: 'memory',
  measure({ desk, bare }) {
    const [own, other] = [desk.child.memory(), bare.child.memory()];
    return Promise.resolve([
      {
        name: 'memory after the turns above',
        unit: 'MB',
        desk: own.now,
        bare: other.now,
        ratio: { value: own.now / other.now, of: 'bare' },
        goal: { text: '< 250 MB', met: own.now < 250 },
      },
      { name: 'most memory so far', unit: 'MB', desk: own.most, bare: other.most },
    ]);
  },
};
