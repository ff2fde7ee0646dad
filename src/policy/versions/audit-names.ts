/** Who did it, as the audit names actors. */
export function nameActor(author: string): string {
  return author === 'operator' || author === 'desk' ? author : `member:${author}`;
}

/** Whose layer, as the audit names targets. */
export function describeOwner(owner: string): string {
  return owner === '' ? 'organisation policy' : `policy of ${owner}`;
}
