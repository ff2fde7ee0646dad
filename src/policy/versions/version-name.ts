/** Which version of each layer a decision was made under. 0 is an empty layer. */
export interface LayerNumbers {
  /** `builtin-<hash>` */
  readonly builtIn: string;
  readonly organisation: number;
  readonly member: number;
}

/** As decisions, approvals and the audit write it: `builtin-0123456789ab/org-3/me-1`. */
export function writeVersionName({ builtIn, organisation, member }: LayerNumbers): string {
  return `${builtIn}/org-${organisation}/me-${member}`;
}

/** Also reads the short form from before there were layers. @returns null for any other text */
export function readVersionName(name: string): LayerNumbers | null {
  const match = /^(builtin-[0-9a-f]{12})(?:\/org-(\d{1,9})\/me-(\d{1,9}))?$/.exec(name);
  return match === null
    ? null
    : { builtIn: match[1] ?? '', organisation: Number(match[2] ?? 0), member: Number(match[3] ?? 0) };
}
