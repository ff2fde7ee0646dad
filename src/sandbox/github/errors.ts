import { Refusal, replyJson, type Reply } from '../http/exchange.ts';

interface FieldProblem {
  readonly resource: string;
  readonly field: string;
  readonly code: string;
  readonly message?: string;
  readonly value?: unknown;
}

/** GitHub's error body: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function replyProblem(
  status: number,
  message: string,
  extra: { readonly errors?: readonly FieldProblem[]; readonly headers?: Record<string, string> } = {},
): Reply {
  const body = {
    message,
    ...(extra.errors && { errors: extra.errors }),
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  };
  return replyJson(status, body, extra.headers);
}

export function refuse(status: number, message: string): Refusal {
  return new Refusal(replyProblem(status, message));
}

export function refuseInvalid(...errors: FieldProblem[]): Refusal {
  return new Refusal(replyProblem(422, 'Validation Failed', { errors }));
}

const USUAL: Readonly<Record<number, string>> = {
  401: 'Bad credentials',
  403: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
  404: 'Not Found',
  410: 'This issue was deleted',
  413: 'Payload too big',
  422: 'Validation Failed',
  429: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
  500: 'Server Error',
  503: 'Service unavailable',
};

/** What GitHub answers with `status` when nothing more is known: for injected faults and unknown paths. */
export function replyUsual(status: number): Reply {
  return replyProblem(status, USUAL[status] ?? 'Error');
}
