// An HTTP client that posts protobuf to an OpenTelemetry receiver.
import { Poster } from '../../web/poster.js'
import { SENT_AT_ONCE } from '../../web/sender.js'
import type { Target } from '../../web/target.js'
import { VERSION } from '../version.js'

/** ms for a response, if the user sets no timeout: the default of OpenTelemetry's exporters */
const TIMEOUT = 10_000

/** the status codes after which the specification of OTLP allows a retry */
const RETRIED = [429, 502, 503, 504]

/** Throws WebError if the files for TLS are invalid. */
export function otlpPoster(target: Target): Poster {
  const headers = {
    'user-agent': target.userAgent ?? `ksys/${VERSION}`,
    ...target.headers,
    'content-type': 'application/x-protobuf',
  }
  return new Poster({
    ...target,
    timeout: target.timeout ?? TIMEOUT,
    headers,
    atOnce: SENT_AT_ONCE,
    retriesAfter: (status) => RETRIED.includes(status),
  })
}
