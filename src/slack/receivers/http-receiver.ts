import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, type App, type HTTPReceiverOptions, type Logger } from '@slack/bolt';
import { isUnknownWorkspace } from './unknown-workspace.ts';

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** What an HTTP receiver needs to install into workspaces by OAuth. */
export type InstallOptions = Pick<
  HTTPReceiverOptions,
  | 'clientId'
  | 'clientSecret'
  | 'stateSecret'
  | 'scopes'
  | 'redirectUri'
  | 'installationStore'
  | 'installerOptions'
>;

/**
 * Bolt's HTTP receiver, mounted in our own server: it never listens by itself.
 * @param signingSecret null = no events come this way, only installs
 */
export function createHttpListener(options: {
  app: App;
  signingSecret: string | null;
  logger: Logger;
  install: InstallOptions | null;
}): RequestListener {
  const { signingSecret, logger } = options;
  const receiver = new HTTPReceiver({
    signingSecret: signingSecret ?? '',
    // Without a secret nothing can be verified, so there is no endpoint for events either.
    signatureVerification: signingSecret !== null,
    endpoints: signingSecret === null ? [] : ['/slack/events'],
    logger,
    ...options.install,
    processEventErrorHandler: ({ error, response }) => {
      const isFinal = isUnknownWorkspace(error);
      if (!response.headersSent) response.writeHead(isFinal ? 401 : 500).end();
      return Promise.resolve(false);
    },
  });
  receiver.init(options.app);
  return (request, response) => {
    try {
      receiver.requestListener(request, response);
    } catch (error) {
      logger.warn(error instanceof Error ? error.message : 'a request was not understood');
      if (!response.headersSent) response.writeHead(404).end();
    }
  };
}
