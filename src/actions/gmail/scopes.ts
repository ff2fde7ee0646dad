/** Drafts and sending, and reading back what became of them. */
export const COMPOSE_SCOPES = [
  'https://www.googleapis.com/auth/gmail.compose',
  'https://www.googleapis.com/auth/gmail.readonly',
] as const;

export const READ_SCOPES = ['https://www.googleapis.com/auth/gmail.readonly'] as const;
