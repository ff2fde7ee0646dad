import { Refusal, replyJson, type Reply } from '../http/exchange.ts';

type Api = 'calendar' | 'gmail';

interface Problem {
  readonly status: number;
  readonly reason: string;
  /** The text of the inner error; the outer one is `message` unless given. */
  readonly inner: string;
  readonly message?: string;
  readonly domain?: string;
  readonly locationType?: string;
  readonly location?: string;
  readonly details?: readonly unknown[];
  readonly headers?: Record<string, string>;
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/**
 * Google's error envelope: `error.errors[]`, `code`, `message`; Gmail, on the newer stack, adds `status`.
 * Calendar's reasons: https://developers.google.com/workspace/calendar/api/guides/errors
 */
function replyProblem(api: Api, problem: Problem): Reply {
  const { status, reason, inner, locationType, location, details } = problem;
  const first = { domain: problem.domain ?? 'global', reason, message: inner, locationType, location };
  const message = problem.message ?? inner;
  const plain = { errors: [first], code: status, message };
  const error =
    api === 'gmail' || details ? { ...plain, status: STATUS_NAMES[status] ?? 'UNKNOWN', details } : plain;
  return replyJson(status, { error }, problem.headers);
}

export function refuse(api: Api, problem: Problem): Refusal {
  return new Refusal(replyProblem(api, problem));
}

export function refuseInvalid(api: Api, message: string, parameter?: string): Refusal {
  const place = parameter ? { locationType: 'parameter', location: parameter } : {};
  const reason = api === 'gmail' ? 'invalidArgument' : parameter ? 'invalidParameter' : 'invalid';
  return refuse(api, { status: 400, reason, inner: message, ...place });
}

export function refuseMissing(api: Api): Refusal {
  const inner = api === 'gmail' ? 'Requested entity was not found.' : 'Not Found';
  return refuse(api, { status: 404, reason: 'notFound', inner });
}

export function refuseToken(api: Api): Refusal {
  return refuse(api, {
    status: 401,
    reason: 'authError',
    inner: 'Invalid Credentials',
    message:
      api === 'gmail'
        ? 'Request had invalid authentication credentials. Expected OAuth 2 access token.'
        : undefined,
    locationType: 'header',
    location: 'Authorization',
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  });
}

export function refuseScope(api: Api, accepted: readonly string[]): Refusal {
  const scope = accepted.join(' ');
  return refuse(api, {
    status: 403,
    reason: 'insufficientPermissions',
    inner: 'Insufficient Permission',
    message: 'Request had insufficient authentication scopes.',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        domain: 'googleapis.com',
        metadata: { service: api === 'gmail' ? 'gmail.googleapis.com' : 'calendar-json.googleapis.com' },
      },
    ],
    headers: {
      'www-authenticate': `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${scope}"`,
    },
  });
}

const USUAL: Readonly<Record<number, Omit<Problem, 'status'>>> = {
  401: {
    reason: 'authError',
    inner: 'Invalid Credentials',
    locationType: 'header',
    location: 'Authorization',
  },
  403: { reason: 'rateLimitExceeded', inner: 'Rate Limit Exceeded', domain: 'usageLimits' },
  404: { reason: 'notFound', inner: 'Not Found' },
  409: { reason: 'duplicate', inner: 'The requested identifier already exists.' },
  410: { reason: 'deleted', inner: 'Resource has been deleted' },
  412: {
    reason: 'conditionNotMet',
    inner: 'Precondition Failed',
    locationType: 'header',
    location: 'If-Match',
  },
  429: { reason: 'rateLimitExceeded', inner: 'Rate Limit Exceeded', domain: 'usageLimits' },
  500: { reason: 'backendError', inner: 'Backend Error' },
  503: { reason: 'backendError', inner: 'The service is currently unavailable.' },
};

/** What Google answers with `status` when nothing more is known: for injected faults and unknown paths. */
export function replyUsual(status: number, path: string): Reply {
  const known = USUAL[status] ?? { reason: 'badRequest', inner: 'Bad Request' };
  return replyProblem(path.includes('/gmail/') ? 'gmail' : 'calendar', { status, ...known });
}

export function refuseUsual(api: Api, status: 409 | 410 | 412): Refusal {
  return new Refusal(replyUsual(status, `/${api}/`));
}
