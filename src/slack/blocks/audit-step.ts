/** One step of a story: what happened, and what there is to know of it, a line each. */
export interface Step {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A step without the lines there is nothing to say in. Foreign text is revealed by who draws it. */
export function makeStep(title: string, ...lines: readonly (string | null | undefined)[]): Step {
  return { title, lines: lines.filter((line): line is string => typeof line === 'string' && line !== '') };
}
