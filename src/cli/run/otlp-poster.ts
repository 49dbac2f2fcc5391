// An HTTP client that posts protobuf to an OpenTelemetry receiver.
import { Poster } from '../../web/poster.js'
import { SENT_AT_ONCE } from '../../web/sender.js'
import type { Target } from '../../web/target.js'
import { VERSION } from '../version.js'

/** Throws WebError if the files for TLS are invalid. */
export function otlpPoster(target: Target): Poster {
  const headers = {
    'user-agent': target.userAgent ?? `ksys/${VERSION}`,
    ...target.headers,
    'content-type': 'application/x-protobuf',
  }
  return new Poster({ ...target, headers, atOnce: SENT_AT_ONCE })
}
