import { z } from 'zod';
import type { ViewArgs } from '../deps.ts';

const metadata = z.object({ approvalId: z.string(), place: z.string() });

/**
 * What a form of ours keeps for itself: which approval it is about, and in which channel its card is. A form that
 * does not say is about no approval there is, and is refused as such.
 */
export function readMetadata(view: ViewArgs['view']): z.infer<typeof metadata> {
  const nothing = { approvalId: '', place: '' };
  try {
    return metadata.catch(nothing).parse(JSON.parse(view.private_metadata));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return nothing;
  }
}
