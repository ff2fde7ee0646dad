/** What an event type means, which details it carries beside the common fields, and what OCSF calls it. */
export interface EventKind {
  readonly about: string;
  /** Keys of `detail` and what they hold. */
  readonly detail: Readonly<Record<string, string>>;
  /** OCSF class and activity (https://schema.ocsf.io/1.3.0/). */
  readonly ocsf: readonly [classUid: OcsfClass, activityId: number];
}

/** 6003 API Activity; 3001 Account Change, 3002 Authentication, 3004 Entity Management, 3005 User Access Management. */
export type OcsfClass = 6003 | 3001 | 3002 | 3004 | 3005;

/** OCSF's number for an activity that its class has no word for; the type is given as its name. */
export const OTHER = 99;
