import { beginAtPage } from './connect/begin.ts';
import { confirmAtPage } from './connect/confirm-link.ts';
import { returnFromLogin } from './connect/login-return.ts';
import { returnFromProvider } from './connect/provider-return.ts';
import { showConnect } from './connect/show.ts';
import { returnFromSlack } from './connect/slack-return.ts';
import { answerHealth, answerReadiness } from './health.ts';
import { answerMetrics } from './metrics.ts';
import { beginPasskey, continuePasskey, showPasskey } from './strong/passkey.ts';
import { beginStrong, finishStrong, showStrong } from './strong/confirm.ts';
import { answerScript, SCRIPT_PATH } from './strong/script.ts';
import { LOG_BYTES, takeTenantLog } from './tenant-log.ts';
import type { Route } from './router.ts';

const READ = ['GET', 'HEAD'] as const;

/** Everything this door answers. The first match wins. A HEAD never reaches a route that changes something. */
export const ROUTES: readonly Route[] = [
  { methods: READ, path: '/healthz', answer: answerHealth },
  { methods: READ, path: '/readyz', answer: answerReadiness },
  { methods: READ, path: '/metrics', answer: answerMetrics },
  { methods: ['POST'], path: '/auth0/logs', answer: takeTenantLog, maxBytes: LOG_BYTES },
  { methods: ['GET'], path: '/connect/slack', answer: returnFromSlack },
  { methods: ['GET'], path: '/connect/callback', answer: returnFromProvider },
  { methods: ['GET'], path: '/connect/login', answer: returnFromLogin },
  { methods: ['POST'], path: '/connect/confirm/:reference', answer: confirmAtPage },
  { methods: READ, path: '/connect/:reference', answer: showConnect },
  { methods: ['POST'], path: '/connect/:reference', answer: beginAtPage },
  { methods: READ, path: SCRIPT_PATH, answer: answerScript },
  { methods: READ, path: '/strong/:reference', answer: showStrong },
  { methods: ['POST'], path: '/strong/begin/:reference', answer: beginStrong },
  { methods: ['POST'], path: '/strong/answer/:reference', answer: finishStrong },
  { methods: READ, path: '/passkey/:reference', answer: showPasskey },
  { methods: ['POST'], path: '/passkey/begin/:reference', answer: beginPasskey },
  { methods: ['POST'], path: '/passkey/answer/:reference', answer: continuePasskey },
];
