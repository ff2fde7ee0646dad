/**
 * A point in time in the reader's own time zone. Only our own numbers go in, so the markup cannot be broken.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function writeTime(at: Date, form: '{time}' | '{date_short_pretty} {time}' = '{time}'): string {
  const fallback = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at.getTime() / 1000)}^${form}|${fallback}>`;
}

/** The same for plain text, in UTC. */
export function writeUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
