import { announce } from '../../slack/deliver/announce.ts';
import { notifyMember } from '../../slack/deliver/notify.ts';
import { postCard } from '../../slack/deliver/post-card.ts';
import { redrawCard } from '../../slack/deliver/tell.ts';
import { silent } from '../../telemetry-types.ts';
import { startAuthority } from '../authority.ts';
import { createDesk, loadKeys, type Desk } from '../desk.ts';
import { locateProviders, locateTenant } from '../far-side.ts';
import { openGround } from '../ground.ts';
import type { Invocation } from '../invocation.ts';
import { chooseModel } from '../model.ts';

/** The desk without its doors and clocks, beside running processes; what it has to say in Slack they post. */
export async function withDesk<T>(
  { config, secrets, log }: Invocation,
  work: (desk: Desk, ownerUrl: string) => Promise<T>,
): Promise<T> {
  const { keyring, database } = await openGround(config, secrets, log);
  const { providers, resolveHost } = locateProviders(config, secrets, null);
  const keys = await loadKeys(database.desk, keyring);
  const authority = await startAuthority({ access: database.authority, keyring, ...keys, providers, log });
  let desk: Desk | null = null;
  const find = (): Desk => {
    if (desk === null) throw new Error('the desk is used before it is open');
    return desk;
  };
  try {
    desk = await createDesk({
      access: database.desk,
      keyring,
      keys,
      authorityUrl: authority.url,
      publicUrl: config.http.publicUrl,
      tenant: locateTenant(config, secrets),
      device: { audience: config.tenant?.audience ?? '', seconds: config.tenant?.deviceSeconds ?? 0 },
      consent: config.consent,
      approvalSeconds: config.approvalSeconds,
      resolveHost,
      model: chooseModel(config, secrets),
      describeMember: () => Promise.reject(new Error('nobody is asked about here')),
      onAccountChange: (tx, change) => notifyMember(tx, find().jobs, change),
      announce: (tx, news) => announce(tx, find().jobs, news),
      postCard: (tx, approval) => postCard(tx, find().jobs, approval),
      redraw: (approval, mark) => redrawCard({ calls: find().deps }, approval, mark),
      log,
      telemetry: silent,
    });
    return await work(desk, database.ownerUrl);
  } finally {
    await desk?.stop();
    await authority.stop();
    await database.stop();
  }
}
