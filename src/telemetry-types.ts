/** Something that happened to the desk's business and was committed; every audit event has this shape. */
export interface BusinessEvent {
  readonly type: string;
  readonly outcome: string;
  readonly action?: string | null;
  readonly target?: string | null;
  readonly turnId?: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What a span may carry: ids of actions, outcomes, status codes. Never arguments, addresses or anything secret. */
export type Attributes = Readonly<Record<string, string | number>>;

/** The steps of a turn that are traced while they run; what only events know of is traced from those. */
export type StepName = 'job' | 'graph' | 'model' | 'policy' | 'perform' | 'exchange';

export interface Step {
  readonly name: StepName;
  /** The trace it belongs to; null = a step of no turn, which is not traced. */
  readonly turnId: string | null;
  readonly attributes?: Attributes;
}

/** What Slack waits for an acknowledgement of. */
export type SlackDelivery = 'event' | 'interaction' | 'command';

/**
 * What is seen from outside. One function for each thing that happens; which counters and spans it moves is decided
 * behind it. None of them throws.
 */
export interface Telemetry {
  /** Counts, measures and traces what was committed. */
  record(event: BusinessEvent): void;
  /** A call to Slack's API was answered. @param status HTTP; null when no answer came */
  countSlackAnswer(status: number | null): void;
  /** A message to Slack was put off, to be sent again. */
  countSlackRetry(): void;
  observeSlackAck(delivery: SlackDelivery, seconds: number): void;
  /**
   * Runs `work` as a step of its turn. Steps begun inside it are its children, across awaits.
   * @param work is given a function that adds attributes known only later
   */
  trace<T>(step: Step, work: (set: (attributes: Attributes) => void) => T | Promise<T>): Promise<T>;
}

/** For whoever is not watched: tests of one room, commands that run for a moment. */
export const silent: Telemetry = {
  record: () => undefined,
  countSlackAnswer: () => undefined,
  countSlackRetry: () => undefined,
  observeSlackAck: () => undefined,
  trace: async (_, work) => work(() => undefined),
};
