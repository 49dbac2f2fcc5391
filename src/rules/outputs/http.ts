// Sends alerts to a server: one POST per alert.
import { Poster } from '../../web/poster.js'
import { WebError } from '../../web/web-error.js'
import type { Channel, OutputContext } from './channel.js'
import { OutputError, type OutputSpec } from './spec.js'

/** concurrent requests */
const MOST_AT_ONCE = 4

/** Throws OutputError if the URL or the TLS files are invalid; whether the server is reachable is found out later. */
export async function openHttp(spec: OutputSpec, { json, version }: OutputContext): Promise<Channel> {
  const poster = posterFor(spec, {
    'content-type': json ? 'application/json' : 'text/plain',
    'user-agent': spec.userAgent ?? `ksys/${version}`,
  })
  return {
    most: 1,
    atOnce: MOST_AT_ONCE,
    send: async ([alert], attempt) => {
      await poster.send(Buffer.from(alert?.line ?? ''), attempt)
    },
    close: async () => poster.close(),
  }
}

function posterFor({ target, ...spec }: OutputSpec, headers: Readonly<Record<string, string>>): Poster {
  try {
    return new Poster({ ...spec, url: target ?? '', headers, atOnce: MOST_AT_ONCE })
  } catch (e) {
    throw e instanceof WebError ? new OutputError(e.message) : e
  }
}
