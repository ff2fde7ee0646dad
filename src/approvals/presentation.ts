/** Where a target's text came from, computed without the model. */
export type Provenance = 'you' | 'fetched' | 'agent';

export interface PresentedTarget {
  readonly kind: string;
  readonly value: string;
  readonly provenance: Provenance;
  /** What it was fetched from ("mail from x@y"), when `provenance` is `fetched`. */
  readonly source: string;
  /** Warnings about this target: "outside your organisation", "first time". */
  readonly flags: readonly string[];
}

/**
 * What the approver is shown, as data. Its hash is part of the approval digest, so a card can only be drawn
 * from the very thing that was approved.
 */
export type Presentation = {
  readonly v: 1;
  readonly code: string;
  readonly tier: 'approve' | 'approve_strong';
  readonly action: string;
  readonly title: string;
  readonly line: string;
  /** The account it will be done with. */
  readonly account: string;
  readonly service: string;
  readonly targets: readonly PresentedTarget[];
  readonly fields: readonly {
    readonly label: string;
    readonly value: string;
    readonly before: string | null;
  }[];
  readonly notes: readonly string[];
  /** The person's own request. */
  readonly why: string;
  /** The rule's sentences: why it is asked at all. */
  readonly rules: readonly string[];
  /** Shortest telling of where it goes, for a second device. */
  readonly hint: string;
  readonly revision: number;
  /**
   * Whether everything fits the card, needs the paged view (Approve works only after its last page was opened),
   * or is more than Slack can show (then it cannot be approved here).
   */
  readonly size: 'card' | 'paged' | 'too_large';
};
